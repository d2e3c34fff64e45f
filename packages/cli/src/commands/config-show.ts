import { firstOfEach, type ConfiguredServers, type ReadLayer } from '../config-file.ts';
import { layersOf, ownerOf } from '../config/every-layer.ts';
import { describeServer, summarizeServer } from '../config/masking.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow, type Show } from '../output/show.ts';
import { safeJson } from '../output/sanitize.ts';

/** `mcp config show`: the servers of each file, and which of them are hidden by others; `--resolved`: what is left of it. */
export async function configShow(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const layers = await layersOf(context);
  const winners = firstOfEach(layers.map(({ servers }) => servers));
  await (settings.own.has('resolved') ? showResolved(layers, winners, show) : showFiles(layers, winners, show));
  return 0;
}

function showResolved(layers: readonly ReadLayer[], winners: ConfiguredServers, show: Show): Promise<void> {
  const resolved = [...winners.values()].map(({ name, config, layer }) => {
    const others = layers.filter(({ servers, layer: other }) => servers.has(name) && other !== layer);
    const hides = others.map((other) => other.layer.shown);
    return [name, { ...describeServer(config), from: layer.shown, ...(hides.length > 0 && { hides }) }] as const;
  });
  const value = { mcpServers: Object.fromEntries(resolved) };
  return show({ value, body: `${safeJson(value, 2)}\n` });
}

function showFiles(layers: readonly ReadLayer[], winners: ConfiguredServers, show: Show): Promise<void> {
  const files = layers.map(({ layer, servers, problem }) => ({
    file: layer.shown,
    of: ownerOf(layer),
    ...(problem !== undefined && { problem: problem.message }),
    servers: [...servers.values()].map(({ name, config }) => {
      const hiddenBy = winners.get(name)?.layer;
      return {
        name,
        connection: summarizeServer(config),
        ...(hiddenBy !== undefined && hiddenBy !== layer && { hiddenBy: hiddenBy.shown }),
      };
    }),
  }));
  const groups = files.map(({ file, of, problem, servers }) => {
    const rows = servers.map(({ name, connection, hiddenBy = '' }) => [
      name,
      connection,
      hiddenBy && `hidden by ${hiddenBy}`,
    ]);
    return { name: `${file} (${of})`, rows: problem === undefined ? rows : [['', `cannot be read: ${problem}`]] };
  });
  const body = { head: ['Server', 'Connection', ''], groups, plural: 'servers' };
  return show({ value: { files }, body, lines: files });
}
