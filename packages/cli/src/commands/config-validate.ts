import { layersOf } from '../config/every-layer.ts';
import { findEveryServer } from '../config/find-servers.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';
import { sanitizeLine } from '../output/sanitize.ts';

/** `mcp config validate [FILE]`: what is wrong in the files; fails for ours, and warns of those of other programs. */
export async function configValidate(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const layers = await layersOf(context);
  if (layers.length === 0) await findEveryServer(undefined, io); // Says how to add one.
  const files = layers.map(({ layer, servers, problem }) => {
    const parts = [problem, ...[...servers.values()].map(({ config }) => config)];
    const broken = parts.filter((part) => part instanceof Error);
    const verdict = broken.length === 0 ? 'ok' : layer.program === undefined ? 'wrong' : 'warning';
    return { file: layer.shown, verdict, servers: servers.size, problems: broken.map(({ message }) => message) };
  });
  const lines = files.flatMap(({ file, verdict, servers, problems }) => [
    `${verdict.padEnd(7)}  ${sanitizeLine(file)}: ${servers} ${servers === 1 ? 'server' : 'servers'}`,
    ...problems.map((problem) => `         ${sanitizeLine(problem)}`),
  ]);
  await show({ value: { files }, body: `${lines.join('\n')}\n`, lines: files });
  return files.some(({ verdict }) => verdict === 'wrong') ? 2 : 0;
}
