import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import { firstOfEach, type ConfiguredServer } from '../config-file.ts';
import { rememberOwnConsent } from '../config/ask-for-consent.ts';
import { editorNamed, editors, type EditorName } from '../config/editors.ts';
import { withText, type Entry } from '../config/entry-parts.ts';
import { makeChange, planChange } from '../config/file-change.ts';
import { readEditorLayers } from '../config/read-editors.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { openShow } from '../output/show.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { didYouMean } from '../suggest.ts';
import { layerToChange } from './servers-add.ts';

/** `mcp servers import PROGRAM [NAME…]`: copies servers of another program into the file of this folder, or of the user. */
export async function serversImport(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const [from, ...names] = line.operands;
  const found = await serversOf(editorNamed(from), context);
  const unknown = names.find((name) => !found.has(name));
  if (unknown !== undefined)
    throw new CliError(
      'unknown-server',
      `${from} has no server ${JSON.stringify(unknown)}`,
      didYouMean(unknown, found.keys()),
    );
  const wanted = names.length === 0 ? [...found.values()] : names.flatMap((name) => found.get(name) ?? []);
  if (wanted.length === 0) throw new CliError('unknown-server', `${from} has no servers on this machine`);
  const layer = layerToChange(context);
  const entries = new Map(wanted.map((server) => [server.name, portable(server)]));
  const { names: taken } = await planChange({ ...layer, format: 'json' }, new Map());
  const skipped = [...entries.keys()].filter((name) => taken.includes(name) && !settings.own.has('force'));
  for (const name of skipped) entries.delete(name);
  await makeChange(await planChange({ ...layer, format: 'json' }, entries), false);
  const own = wanted.filter(({ name, layer: source }) => entries.has(name) && source.scope === 'user');
  await rememberOwnConsent(
    own.map(({ name }) => name),
    layer,
    io,
  );
  const imported = [...entries.keys()];
  const lines = imported.map((name) => `Imported ${sanitizeLine(name)} into ${sanitizeLine(layer.shown)}\n`);
  await show({ value: { file: layer.file, imported, skipped }, body: lines.join('') });
  const note = (text: string): Promise<void> => print(io.stderr, `mcp: ${text}\n`);
  for (const name of skipped)
    await note(`${sanitizeLine(name)} is in ${sanitizeLine(layer.shown)} already: --force replaces it`);
  for (const { name, config } of wanted)
    if (entries.has(name) && config instanceof Error)
      await note(`${sanitizeLine(name)} cannot be used yet: ${sanitizeLine(config.message)}`);
  return 0;
}

async function serversOf(from: EditorName, { io }: CommandContext): Promise<ReadonlyMap<string, ConfiguredServer>> {
  const layers = await readEditorLayers(io, [editors[from]]);
  const broken = layers.find(({ problem }) => problem !== undefined)?.problem;
  if (broken !== undefined) throw broken;
  return firstOfEach(layers.map(({ servers }) => servers));
}

/** An entry as it means the same in another file: with whole paths, and without the variables of an editor. */
function portable({ entry, config, layer }: ConfiguredServer): Entry {
  if (!isObject(entry)) return {};
  const own = withText(entry, (text) =>
    text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => layer.variables?.[name] ?? whole),
  );
  const isUsable = !(config instanceof Error) && 'command' in config;
  return isUsable && own['cwd'] !== undefined ? { ...own, cwd: config.cwd } : own;
}
