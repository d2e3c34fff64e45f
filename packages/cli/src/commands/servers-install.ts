import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import { namedLayer, type ConfiguredServer } from '../config-file.ts';
import { editorNamed, editors, filesOf, type Editor } from '../config/editors.ts';
import { describeChange, makeChange, planChange, type ServerFile } from '../config/file-change.ts';
import { installEntry } from '../config/install-entry.ts';
import { checkName, entryOfLine, variablesOf } from '../config/line-entry.ts';
import { findPlaces, shownPath } from '../config/places.ts';
import { parseDocument, valueAt } from '../config/read-editors.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { openShow } from '../output/show.ts';
import { sanitize, sanitizeLine } from '../output/sanitize.ts';
import { findConfigured } from '../targets.ts';
import { lineReader } from '../terminal/line-reader.ts';

/** `mcp servers install NAME --client PROGRAM`: writes a server into the file of another program, once that is allowed. */
export async function serversInstall(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const [name, address, ...more] = line.operands;
  const client = settings.own.last('client');
  if (name === undefined || client === undefined || more.length > 0)
    throw new CliError('usage', 'Name a server and a program: mcp servers install NAME --client PROGRAM');
  const editor = editors[editorNamed(client)];
  const { entry, filled } = installEntry(await serverToInstall(checkName(name), address, context), editor, io);
  const at = await fileToChange(editor, io);
  const change = await planChange(at, new Map([[name, entry]]));
  const difference = sanitize(describeChange(change));
  const result = { name, client, file: at.file, changed: false };
  if (difference === '' || settings.own.has('dry-run')) {
    const body = difference === '' ? `${editor.title} has it so already\n` : difference;
    await show({ value: { ...result, diff: difference }, body });
    return 0;
  }
  await print(io.stderr, difference);
  if (filled.length > 0) await print(io.stderr, `mcp: the values of ${filled.join(', ')} are written into the file\n`);
  await askToChange(at, context);
  const backup = await makeChange(change, true);
  const kept = backup === undefined ? '' : `What was there before is in ${sanitizeLine(shownPath(backup, io))}\n`;
  const body = `Wrote ${name} into ${sanitizeLine(at.shown)}\n${kept}Restart ${editor.title} to use it\n`;
  await show({ value: { ...result, changed: true, backup: backup ?? null }, body });
  return 0;
}

/** The server that the command line describes, or that a configuration has under this name. */
async function serverToInstall(
  name: string,
  address: string | undefined,
  context: CommandContext,
): Promise<Omit<ConfiguredServer, 'config'>> {
  const { line, settings, io } = context;
  if (address !== undefined || line.command !== undefined)
    return { name, layer: namedLayer('the command line', io), entry: entryOfLine(address, context) };
  const [server] = await findConfigured([name], settings.config, io);
  if (server === undefined) throw new Error(`${name} was not found, and nothing said so`);
  const variables = variablesOf(settings);
  if (Object.keys(variables).length === 0) return server;
  const { command, env, ...rest } = isObject(server.entry) ? server.entry : {};
  if (command === undefined) throw new CliError('usage', 'Variables are for commands; an address takes --header');
  return { ...server, entry: { ...rest, command, env: { ...(isObject(env) && env), ...variables } } };
}

/** The user's file of a program: the one that has servers already, or that exists, or that the program would make. */
async function fileToChange(editor: Editor, io: Io): Promise<ServerFile> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const { existsSync } = process.getBuiltinModule('node:fs');
  const files = filesOf(editor, findPlaces(io), io)
    .filter(({ scope, isReadOnly }) => scope === 'user' && isReadOnly !== true)
    .map(({ file, path }) => ({ file, path, shown: shownPath(file, io), format: editor.format }));
  const existing = files.filter(({ file }) => existsSync(file));
  for (const place of existing) {
    const document = parseDocument(await readFile(place.file, 'utf8'), place.format, place.shown);
    const entries = valueAt(document, place.path);
    const isServer = (entry: unknown): boolean => isObject(entry) && editor.read(entry) !== undefined;
    if (isObject(entries) && Object.values(entries).some(isServer)) return place;
  }
  const [place] = [...existing, ...files];
  if (place === undefined) throw new CliError('usage', `There is no home folder, and so no file of ${editor.title}`);
  return place;
}

/** Returns only when the change is allowed. */
async function askToChange({ shown }: ServerFile, { settings, io }: CommandContext): Promise<void> {
  if (settings.own.has('yes')) return;
  if (settings.noInput || io.stdin.isTTY !== true || io.stderr.isTTY !== true)
    throw new CliError('usage', `${shown} was not changed: nobody can be asked here`, 'Allow it with --yes');
  const answer = await lineReader(io)(io.interrupted)(`Change ${sanitizeLine(shown)}? [y]es, [N]o: `);
  if (answer === undefined || !/^y/i.test(answer)) throw new CliError('declined', `${shown} was not changed`);
}
