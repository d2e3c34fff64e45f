import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import { editJson } from './edit-json.ts';
import { editToml } from './edit-toml.ts';
import type { Editor } from './editors.ts';
import { maskText } from './masking.ts';
import { parseDocument, valueAt } from './read-editors.ts';
import { unifiedDiff } from './unified-diff.ts';
import { writeWhole } from './write-whole.ts';

/** A file, and where in it servers stand. */
export interface ServerFile {
  readonly file: string;
  readonly shown: string;
  readonly path: readonly string[];
  readonly format: Editor['format'];
}

/** A change of a configuration file that has not been made yet. */
export interface FileChange {
  readonly at: ServerFile;
  /** The text that is there now; nothing where there is no file. */
  readonly before: string | undefined;
  readonly after: string;
  /** The servers that are there now, disabled ones too. */
  readonly names: readonly string[];
}

/**
 * The change that gives each name its entry, or removes it where there is none. Throws where the file cannot be read, or
 * where the change would touch anything else.
 */
export async function planChange(
  at: ServerFile,
  entries: ReadonlyMap<string, object | undefined>,
): Promise<FileChange> {
  const before = await readText(at);
  const edit = at.format === 'json' ? editJson : editToml;
  const old = parseDocument(before ?? '', at.format, at.shown);
  const servers = valueAt(old, at.path);
  const names = Object.keys(isObject(servers) ? servers : {});
  try {
    let after = before ?? '';
    for (const [name, entry] of entries) after = edit(after, [...at.path, name], entry);
    if (isOnlyChange(old, parseDocument(after, at.format, at.shown), at.path, entries))
      return { at, before, after, names };
  } catch {
    // Told below: what went wrong is of no use to the reader.
  }
  throw unfit(at);
}

/** True when nothing but `entries` differs between two documents. */
function isOnlyChange(
  old: unknown,
  next: unknown,
  path: readonly string[],
  entries: ReadonlyMap<string, object | undefined>,
): boolean {
  const { isDeepStrictEqual } = process.getBuiltinModule('node:util');
  const servers = valueAt(old, path);
  const expected = new Map(Object.entries(isObject(servers) ? servers : {}));
  for (const [name, entry] of entries) {
    if (entry === undefined) expected.delete(name);
    else expected.set(name, entry);
  }
  const without = (document: unknown): unknown => replaceAt(plain(document), path);
  return (
    isDeepStrictEqual(plain(valueAt(next, path)), plain(Object.fromEntries(expected))) &&
    isDeepStrictEqual(without(next), without(old))
  );
}

/** As JSON has it: dates of TOML and objects without a prototype compare as what they say. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {}));
}

/** The document with nothing at `path`. */
function replaceAt(document: unknown, [step = '', ...rest]: readonly string[]): unknown {
  const object = isObject(document) ? document : {};
  return { ...object, [step]: rest.length === 0 ? undefined : replaceAt(object[step], rest) };
}

function unfit({ shown, path }: ServerFile): CliError {
  return new CliError(
    'config-unsafe',
    `${shown} cannot be changed without touching more than one server`,
    `Look at "${path.join('.')}" in it, and change it by hand`,
  );
}

/** The change as `diff -u` shows it, without what may be secret. */
export function describeChange({ at, before = '', after }: FileChange): string {
  const servers = [before, after].flatMap((text) => {
    const written = valueAt(parseDocument(text, at.format, at.shown), at.path);
    return isObject(written) ? Object.values(written) : [];
  });
  return maskText(unifiedDiff(before, after, at.shown), servers);
}

/** Makes a change in one step; with `backup` what was there is kept beside it, and the path of that returned. */
export async function makeChange({ at, before, after }: FileChange, backup: boolean): Promise<string | undefined> {
  const { mkdir, realpath, stat } = process.getBuiltinModule('node:fs/promises');
  if ((await readText(at)) !== before)
    throw new CliError('config-unsafe', `${at.shown} was changed meanwhile`, 'Run the command again');
  try {
    if (before === undefined) {
      await mkdir(process.getBuiltinModule('node:path').dirname(at.file), { recursive: true });
      await writeWhole(at.file, after, 0o600);
      return undefined;
    }
    const file = await realpath(at.file); // A link stays one.
    const kept = backup ? await keepCopy(file) : undefined;
    await writeWhole(file, after, (await stat(file)).mode & 0o777);
    return kept;
  } catch (error) {
    throw new CliError('save-failed', `Cannot write ${at.shown}: ${reasonOf(error)}`);
  }
}

async function keepCopy(file: string): Promise<string> {
  const { constants, copyFile } = process.getBuiltinModule('node:fs/promises');
  for (let count = 1; ; count++) {
    const copy = `${file}.bak${count === 1 ? '' : count}`;
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

async function readText({ file, shown }: ServerFile): Promise<string | undefined> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError('config-missing', `Cannot read ${shown}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
}
