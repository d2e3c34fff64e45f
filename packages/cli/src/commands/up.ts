import { answered, askAll, failuresIn } from '../ask-all.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { failureAsJson } from '../output/failure.ts';
import { openShow } from '../output/show.ts';
import { ServerFailure } from '../server-failure.ts';
import { targetOf } from '../target-of.ts';
import { resolveTargets } from '../targets.ts';
import { ensureKeeper } from '../warm/ensure-keeper.ts';
import { shownDuration } from '../warm/shown-duration.ts';

const usualIdleMs = 5 * 60_000;

/** `mcp up [SERVER…]`: starts a process for each server that keeps it connected. Other commands use it by themselves. */
export async function up(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  if (process.platform === 'win32')
    throw new CliError('usage', 'Connections cannot be kept warm on Windows', 'Every command works without that');
  const show = await openShow(settings, io);
  const idle = settings.own.last('idle');
  const idleStopMs = idle === undefined ? usualIdleMs : parseDuration(idle, '--idle');
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const configs = new Map(targets.map(({ name, config }) => [name, config]));
  const answers = await askAll(targets, context, async (server) => {
    const { name } = server;
    const config = configs.get(name);
    if (config === undefined || config instanceof Error) throw new ServerFailure(name, [], config);
    targetOf(config); // Throws for what a keeper cannot connect to.
    const { pid, ...kept } = await ensureKeeper({ name, config, idleStopMs, connectTimeoutMs: settings.timeoutMs }, io);
    // A call like any other: what fails is told as ever, and what the server asks is asked at this terminal.
    await server.use((client) => client.connect());
    return { pid, idleStopMs: kept.idleStopMs };
  });

  const errors = failuresIn(answers);
  const servers = answers.map(({ server, value, error }) => [server.name, value ?? failureAsJson(error)] as const);
  const rows = answered(answers).map(({ server, value }) => [
    server.name,
    `pid ${value.pid}`,
    `ends when nobody has called for ${shownDuration(value.idleStopMs)}`,
  ]);
  if (rows.length > 0 || settings.json) {
    await show({
      value: { servers: Object.fromEntries(servers) },
      body: { head: ['Server', 'Process', 'End'], groups: [{ name: '', rows }], plural: 'servers' },
      lines: servers.map(([server, about]) => ({ server, ...about })),
    });
  }
  return failWithAll(errors, context);
}
