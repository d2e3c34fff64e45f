import { ConfigError, parseConfigText } from '@toolwire/client-core';
import { parse as parseToml, TomlError } from 'smol-toml';
import { isObject } from '../arguments/schema.ts';
import {
  firstOfEach,
  readConfigText,
  readEntries,
  type ConfigLayer,
  type ConfiguredServer,
  type ConfiguredServers,
  type ReadLayer,
} from '../config-file.ts';
import type { Io } from '../io.ts';
import { editors, filesOf, type Editor, type EditorFile } from './editors.ts';
import { findPlaces, shownPath } from './places.ts';

/** The servers of the other programs on this machine, and what is wrong with their files. */
export async function readEditors(io: Io): Promise<{ servers: ConfiguredServers; problems: readonly Error[] }> {
  const layers = await readEditorLayers(io);
  return {
    servers: firstOfEach(layers.map(({ servers }) => servers)),
    problems: layers.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  };
}

/** The files of `wanted` programs that exist: those of the working directory come before those of the user. */
export async function readEditorLayers(
  io: Io,
  wanted: readonly Editor[] = Object.values(editors),
): Promise<readonly ReadLayer[]> {
  const { existsSync } = process.getBuiltinModule('node:fs');
  const found = wanted.flatMap((editor) => {
    const files = filesOf(editor, findPlaces(io), io);
    const ofUser = new Set(files.filter(({ scope }) => scope === 'user').map(({ file }) => file));
    // In the home folder a program has one file that is both: it is the user's own.
    return files
      .filter(({ scope, file }) => existsSync(file) && (scope === 'user' || !ofUser.has(file)))
      .map((file) => ({ editor, file }));
  });
  const of = (scope: EditorFile['scope']): typeof found => found.filter(({ file }) => file.scope === scope);
  const ordered = [...of('project'), ...of('user')];
  return oncePerFile(await Promise.all(ordered.map(({ editor, file }) => readEditorLayer(editor, file, io))));
}

/** A file where servers may stand at several places is one layer for each place that has some, and one at least. */
function oncePerFile(layers: readonly ReadLayer[]): readonly ReadLayer[] {
  return layers.filter(({ layer, servers }, index) => {
    const others = layers.filter((other) => other.layer.file === layer.file);
    return servers.size > 0 || (others.every((other) => other.servers.size === 0) && others[0] === layers[index]);
  });
}

async function readEditorLayer(editor: Editor, file: EditorFile, io: Io): Promise<ReadLayer> {
  const layer = editorLayer(editor, file, io);
  try {
    const text = await readConfigText(layer);
    const written = valueAt(parseDocument(text, editor.format, layer.shown), layer.path);
    const entries = Object.entries(isObject(written) ? written : {}).flatMap(([name, entry]): [string, unknown][] => {
      const read = isObject(entry) ? editor.read(entry) : entry;
      return read === undefined ? [] : [[name, read]];
    });
    const servers = [...readEntries(Object.fromEntries(entries), layer, io)];
    return { layer, servers: new Map(servers.map(([name, server]) => [name, withoutEnvFile(server)])) };
  } catch (error) {
    if (error instanceof Error) return { layer, servers: new Map(), problem: error };
    throw error;
  }
}

/** A server whose variables stand in a file that is not read here would start without them. */
function withoutEnvFile(server: ConfiguredServer): ConfiguredServer {
  const { name, entry, layer } = server;
  if (!isObject(entry) || typeof entry['envFile'] !== 'string') return server;
  const problem = `${layer.shown}: ${name} has an "envFile", which only ${layer.program} reads; import it, and name the variables under "env"`;
  return { ...server, config: new ConfigError(problem, { file: layer.shown, path: name }) };
}

/** A file of another program as one of those that servers are looked for in. */
export function editorLayer(editor: Editor, { scope, file, path: place }: EditorFile, io: Io): ConfigLayer {
  const path = process.getBuiltinModule('node:path');
  const { cwd, env } = io;
  return {
    scope,
    file,
    shown: shownPath(file, io),
    program: editor.title,
    path: place,
    folder: scope === 'project' ? cwd : path.dirname(file),
    ...(editor.hasWorkspace === true && {
      variables: {
        workspaceFolder: cwd,
        workspaceFolderBasename: path.basename(cwd),
        userHome: env['HOME'] ?? env['USERPROFILE'],
        pathSeparator: path.sep,
      },
    }),
  };
}

/** The value of a file of either format; throws a `ConfigError` that says where it breaks. */
export function parseDocument(text: string, format: Editor['format'], shown: string): unknown {
  if (format === 'json') return text.trim() === '' ? {} : parseConfigText(text, shown);
  try {
    return parseToml(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // What follows the first line is an excerpt of the file, which may hold secrets.
    const [problem = ''] = cause.message.split('\n');
    throw new ConfigError(`${shown}:${cause.line}:${cause.column}: ${problem}.`, { file: shown, path: '' }, { cause });
  }
}

/** What stands at `path`. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce((value, step) => (isObject(value) ? value[step] : undefined), document);
}
