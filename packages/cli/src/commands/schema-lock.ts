import { compareTools, lockTools, type ToolDrift, type ToolLock } from '@toolwire/client-core';
import { answered, askAll, failuresIn, type Answer } from '../ask-all.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { failureAsJson } from '../output/failure.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { openShow } from '../output/show.ts';
import { writeNew } from '../output/write-new.ts';
import { driftLines, formatDrift, isSame } from '../schema/format-drift.ts';
import { findLocks, formatLocks, lockFileName, readLocks, type ServerLocks } from '../schema/lock-file.ts';
import { configuredNames, resolveTargets, type ServerTarget } from '../targets.ts';

/** `mcp schema lock [SERVER…]`: writes the tools of the servers into the lock file, as they are now. */
export async function schemaLock(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const file = settings.own.last('file') ?? lockFileName;
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const answers = await askAll(targets, context, async (server) => lockTools(await server.listTools()));
  const failures = failuresIn(answers);
  // A lock that leaves out whoever did not answer would look like a whole one.
  if (failures.length > 0) return failWithAll(failures, context);
  const now = new Map(answered(answers).map(({ server, value }) => [server.name, value]));
  const locks = isEveryServer(context) ? now : new Map([...((await findLocks(file, io)) ?? []), ...now]);
  const hint = 'What changed: mcp schema verify. To take it as it is now: --force';
  await writeNew(file, formatLocks(locks), { force: settings.own.has('force'), hint }, io);
  await show({ value: { file, servers: counts(now) }, body: formatCounts(now, file) });
  return 0;
}

/** `mcp schema verify [SERVER…]`: tells what is not as it was locked, and fails when something is not. */
export async function schemaVerify(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const locks = await readLocks(settings.own.last('file') ?? lockFileName, io);
  const targets = await targetsToVerify(context, locks);
  const answers = await askAll(targets, context, async (server) =>
    // What is not locked at all has nothing but new tools.
    compareTools(locks.get(server.name) ?? { tools: [] }, await server.listTools()),
  );
  const drifts = answered(answers);
  await show({
    value: { servers: Object.fromEntries(answers.map((answer) => [answer.server.name, asJson(answer)])) },
    body: drifts.map(({ server, value }) => formatDrift(server.name, value, 'as it was locked')).join(''),
    lines: drifts.flatMap(({ server, value }) => driftLines(server.name, value)),
  });
  const failures = failuresIn(answers);
  if (failures.length > 0) return failWithAll(failures, context);
  return drifts.every(({ value }) => isSame(value)) ? 0 : 1;
}

/** Those that are named; else those that are locked, and those that are configured and should be. */
async function targetsToVerify(context: CommandContext, locks: ServerLocks): Promise<readonly ServerTarget[]> {
  const { line, settings, io } = context;
  const named = isEveryServer(context)
    ? [...locks.keys(), ...(await configuredNames(settings.config, io))]
    : line.operands;
  return resolveTargets({ settings, names: named, command: line.command }, io);
}

function isEveryServer({ line, settings }: CommandContext): boolean {
  return line.operands.length + settings.servers.length === 0 && line.command === undefined;
}

function asJson({ value, error }: Answer<ToolDrift>): unknown {
  return error === undefined ? value : failureAsJson(error);
}

function counts(locks: ServerLocks): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...locks].map(([server, { tools }]: readonly [string, ToolLock]) => [server, tools.length]),
  );
}

function formatCounts(locks: ServerLocks, file: string): string {
  return [...locks]
    .map(([server, { tools }]) => `${sanitizeLine(server)}: ${tools.length} tools locked in ${file}\n`)
    .join('');
}
