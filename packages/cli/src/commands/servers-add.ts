import { CliError } from '../cli-error.ts';
import { namedLayer, ownLayers, projectLayer, userLayer, type ConfigLayer } from '../config-file.ts';
import { rememberOwnConsent } from '../config/ask-for-consent.ts';
import type { Entry } from '../config/entry-parts.ts';
import { checkEntry, checkName, entryOfLine } from '../config/line-entry.ts';
import { makeChange, planChange } from '../config/file-change.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { didYouMean } from '../suggest.ts';

/** `mcp servers add NAME URL | -- COMMAND`: writes a server into the file of this folder, or of the user. */
export async function serversAdd(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const [name, address, ...more] = line.operands;
  const entry = entryOfLine(address, context);
  if (name === undefined || entry === undefined || more.length > 0)
    throw new CliError('usage', 'What is to be added? mcp servers add NAME URL, or NAME -- COMMAND ARG…');
  const layer = await addEntry(name, entry, context);
  await show({
    value: { name, file: layer.file },
    body: `Added ${sanitizeLine(name)} to ${sanitizeLine(layer.shown)}\n`,
  });
  return 0;
}

/** Writes a server into the file that is to be changed; who writes a command has seen it, and need not allow it again. */
export async function addEntry(name: string, entry: Entry, context: CommandContext): Promise<ConfigLayer> {
  const { settings, io } = context;
  const layer = layerToChange(context);
  checkEntry(checkName(name), entry, layer, io);
  const change = await planChange({ ...layer, format: 'json' }, new Map([[name, entry]]));
  if (change.names.includes(name) && !settings.own.has('force'))
    throw new CliError('usage', `${layer.shown} has a server ${JSON.stringify(name)} already`, 'Replace it: --force');
  await makeChange(change, false);
  await rememberOwnConsent([name], layer, io);
  return layer;
}

/** `mcp servers remove NAME`: takes a server out of the file that has it. */
export async function serversRemove(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const [name, ...more] = line.operands;
  if (name === undefined || more.length > 0) throw new CliError('usage', 'Name one server: mcp servers remove NAME');
  const isChosen = settings.config !== undefined || settings.own.has('user');
  const layers = isChosen ? [layerToChange(context)] : ownLayers(undefined, io);
  const known: string[] = [];
  for (const layer of layers) {
    const change = await planChange({ ...layer, format: 'json' }, new Map([[name, undefined]]));
    known.push(...change.names);
    if (!change.names.includes(name)) continue;
    await makeChange(change, false);
    const text = `Removed ${sanitizeLine(name)} from ${sanitizeLine(layer.shown)}\n`;
    await show({ value: { name, file: layer.file }, body: text });
    return 0;
  }
  const files = layers.map(({ shown }) => shown).join(' nor ') || 'any file of mcp';
  throw new CliError('unknown-server', `"${name}" is not in ${files}`, didYouMean(name, known));
}

/** The file that a change goes into: the one that is named, that of the user, or that of this folder. */
export function layerToChange({ settings, io }: CommandContext): ConfigLayer {
  if (settings.config !== undefined) return namedLayer(settings.config, io);
  if (!settings.own.has('user')) return projectLayer(io);
  const layer = userLayer(io);
  if (layer === undefined) throw new CliError('usage', 'There is no home folder to keep a configuration in');
  return layer;
}
