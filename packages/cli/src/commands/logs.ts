import type { LoggingLevel, LoggingMessageNotificationParams } from '@toolwire/client-core';
import type { CommandContext } from '../context.ts';
import { commonExitCode, type ExitCode } from '../exit-codes.ts';
import { followConnection } from '../follow-connection.ts';
import { print } from '../io.ts';
import { printFailure } from '../output/failure.ts';
import { logLevels } from '../log-levels.ts';
import { openLines } from '../output/lines.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';

/** How long is listened without `-f`: the protocol keeps no old messages, and has no word for "that was all". */
const listenMs = 1_000;

type OnLog = (server: string, message: LoggingMessageNotificationParams) => void;

/** `mcp logs [SERVER…]`: the log messages of servers for a second after they connect; with `-f` until it is interrupted. */
export async function logs(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const level = settings.own.oneOf('level', logLevels);
  const lines = openLines(settings, io);
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const onLog: OnLog = (server, message) => {
    const time = new Date().toISOString();
    void lines.print({ time, server, ...message }, `${time} ${format(server, message)}`);
  };
  const following = Promise.allSettled(targets.map((target) => follow(target, level, onLog, context)));
  const outcomes = (await Promise.race([following, lines.readerLeft])) ?? [];
  const errors = outcomes.flatMap((outcome): readonly unknown[] =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );
  return errors.length === targets.length ? commonExitCode(errors) : 0;
}

/** Listens to one server; its end is told at once, while the others go on. */
async function follow(
  target: ServerTarget,
  level: LoggingLevel | undefined,
  onLog: OnLog,
  { settings, servers, io }: CommandContext,
): Promise<void> {
  const server = servers.open(target, settings, { onLog: (message) => onLog(target.name, message) });
  try {
    const { capabilities } = await server.use((client) => client.connect());
    if (capabilities.logging === undefined) {
      return await print(io.stderr, `mcp: ${sanitizeLine(target.name)} sends no log messages\n`);
    }
    if (level !== undefined) await server.use((client) => client.setLogLevel(level));
    if (!settings.own.has('follow')) return await wait(listenMs);
    // Who listens is kept connected, also to a server that starts again.
    await server.use((client) => client.subscribe({}));
    await followConnection(server, io);
  } catch (error) {
    await printFailure(io.stderr, error, settings.json);
    throw error;
  }
}

function format(server: string, { level, logger, data }: LoggingMessageNotificationParams): string {
  const text = typeof data === 'string' ? data : safeJson(data, 0);
  return sanitizeLine([server, level, ...(logger === undefined ? [] : [`[${logger}]`]), text].join(' '));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
