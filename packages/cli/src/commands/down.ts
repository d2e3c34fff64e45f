import { rmSync } from 'node:fs';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { openShow } from '../output/show.ts';
import { suggest } from '../suggest.ts';
import { liveKeepers, type LiveKeeper } from '../warm/live-keepers.ts';
import { isPrivate, runtimeFolder, socketsIn } from '../warm/runtime-folder.ts';
import { stopKeeper } from '../warm/stop-keeper.ts';

/** `mcp down SERVER… | --all`: ends the connections that are kept warm under these names. */
export async function down({ line, settings, io }: CommandContext): Promise<ExitCode> {
  const show = await openShow(settings, io);
  const names = [...settings.servers, ...line.operands].map(nameOf);
  const isAll = settings.own.has('all');
  if (isAll === names.length > 0) throw new CliError('usage', 'Name servers as mcp ps does, or end --all');
  const keepers = await liveKeepers(io);
  const ending = isAll ? keepers : names.flatMap((name) => named(name, keepers));
  await Promise.all(ending.map((keeper) => stopKeeper(keeper)));
  if (isAll) removeSockets(io);
  const rows = ending.map(({ name, pid }) => [name, `pid ${pid}`, 'ended']);
  await show({
    value: { ended: ending.map(({ name, pid }) => ({ name, pid })) },
    body: { head: ['Server', 'Process', ''], groups: [{ name: '', rows }], plural: 'warm connections' },
    lines: ending.map(({ name, pid }) => ({ name, pid })),
  });
  return 0;
}

/** A server at a URL goes by what of it is no secret. */
function nameOf(written: string): string {
  if (!written.includes('://') || !URL.canParse(written)) return written;
  const { origin, pathname } = new URL(written);
  return origin + pathname;
}

/** What still has a socket does not answer: it ends when it finds that gone. */
function removeSockets({ env }: Io): void {
  for (const socket of socketsIn(runtimeFolder(env)).filter(isPrivate)) rmSync(socket, { force: true });
}

/** The same name may stand for several: one for each folder that it was started in. */
function named(name: string, keepers: readonly LiveKeeper[]): readonly LiveKeeper[] {
  const found = keepers.filter((keeper) => keeper.name === name);
  if (found.length > 0) return found;
  const known = keepers.map((keeper) => keeper.name);
  const close = suggest(name, known);
  const hint =
    close === undefined ? `Warm are: ${known.length === 0 ? 'none' : known.join(', ')}` : `Did you mean "${close}"?`;
  throw new CliError('unknown-server', `No connection of "${name}" is kept warm`, hint);
}
