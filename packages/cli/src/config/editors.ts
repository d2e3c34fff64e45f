import type { ServerConfig } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import { oneOf } from '../noun-flags.ts';
import { readCodexEntry, writeCodexEntry } from './codex-entry.ts';
import { address, command, commandOrAddress, folder, typedAddress, withText, type Entry } from './entry-parts.ts';
import { readOpenCodeEntry, writeOpenCodeEntry } from './open-code-entry.ts';
import { pathOf, type Places, type Surroundings } from './places.ts';

/** A place where a program keeps servers. */
export interface EditorFile {
  readonly scope: 'project' | 'user';
  readonly file: string;
  /** Where the servers stand in the file. */
  readonly path: readonly string[];
  /** Where nothing is installed. */
  readonly isReadOnly?: boolean;
}

/** A program that has servers in a file of its own: where that is, and how an entry of it reads and is written. */
export interface Editor {
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** Where it keeps servers; what comes first wins. */
  readonly files: (at: EditorPlaces) => readonly EditorFile[];
  /** An entry in our form; nothing for what is no server. */
  readonly read: (entry: Entry) => Entry | undefined;
  /** A server as an entry of this program; nothing where it cannot use it. `referring` is the same with variables left in. */
  readonly write: (config: ServerConfig, referring: ServerConfig) => Entry | undefined;
  /** How it writes a variable of the environment; absent where it fills none in. */
  readonly reference?: (name: string) => string;
  /** Whether it knows `${workspaceFolder}` and the like. */
  readonly hasWorkspace?: boolean;
}

type EditorPlaces = Places & Surroundings & { readonly join: (...parts: string[]) => string };

const mcpServers = ['mcpServers'];
const inEnv = (name: string): string => `\${env:${name}}`;
const bare = (name: string): string => `\${${name}}`;
const asWritten = (entry: Entry): Entry => entry;

/** A program, as it is called on the command line. */
export type EditorName =
  | 'claude-desktop'
  | 'claude-code'
  | 'cursor'
  | 'vscode'
  | 'windsurf'
  | 'codex'
  | 'zed'
  | 'gemini'
  | 'opencode';

/** The programs, each with the page that describes its file. */
export const editors: Readonly<Record<EditorName, Editor>> = {
  // https://modelcontextprotocol.io/docs/develop/connect-local-servers
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    files: ({ applications, join }) => [
      { scope: 'user', file: join(applications, 'Claude', 'claude_desktop_config.json'), path: mcpServers },
    ],
    read: asWritten,
    write: (config) => ('command' in config ? command(config) : undefined),
  },
  // https://code.claude.com/docs/en/mcp: its project file, .mcp.json, is one of ours.
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    files: ({ home, cwd, join }) => [
      { scope: 'user', file: join(home, '.claude.json'), path: ['projects', cwd, 'mcpServers'], isReadOnly: true },
      { scope: 'user', file: join(home, '.claude.json'), path: mcpServers },
    ],
    read: asWritten,
    write: (config) => ('command' in config ? { type: 'stdio', ...command(config) } : typedAddress(config)),
    reference: bare,
  },
  // https://cursor.com/docs/mcp
  cursor: {
    title: 'Cursor',
    format: 'json',
    files: ({ home, cwd, join }) => [
      { scope: 'project', file: join(cwd, '.cursor', 'mcp.json'), path: mcpServers },
      { scope: 'user', file: join(home, '.cursor', 'mcp.json'), path: mcpServers },
    ],
    read: asWritten,
    write: commandOrAddress,
    reference: inEnv,
    hasWorkspace: true,
  },
  // https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
  vscode: {
    title: 'VS Code',
    format: 'json',
    files: ({ applications, cwd, join }) => [
      { scope: 'project', file: join(cwd, '.vscode', 'mcp.json'), path: ['servers'] },
      { scope: 'user', file: join(applications, 'Code', 'User', 'mcp.json'), path: ['servers'] },
    ],
    read: asWritten,
    write: (config) =>
      'command' in config ? { type: 'stdio', ...command(config), ...folder(config) } : typedAddress(config),
    reference: inEnv,
    hasWorkspace: true,
  },
  // https://docs.windsurf.com/windsurf/cascade/mcp
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    files: ({ home, join }) => [
      { scope: 'user', file: join(home, '.codeium', 'windsurf', 'mcp_config.json'), path: mcpServers },
    ],
    read: ({ serverUrl, ...entry }) => ({ ...entry, ...(serverUrl !== undefined && { url: serverUrl }) }),
    write: (config) => {
      if ('command' in config) return command(config);
      const { url, ...rest } = address(config) ?? {};
      return url === undefined ? undefined : { serverUrl: url, ...rest };
    },
    reference: inEnv,
  },
  // https://developers.openai.com/codex/mcp
  codex: {
    title: 'Codex',
    format: 'toml',
    files: ({ home, cwd, env, join }) => [
      { scope: 'project', file: join(cwd, '.codex', 'config.toml'), path: ['mcp_servers'] },
      { scope: 'user', file: join(env['CODEX_HOME'] ?? join(home, '.codex'), 'config.toml'), path: ['mcp_servers'] },
    ],
    read: readCodexEntry,
    write: writeCodexEntry,
  },
  // https://zed.dev/docs/ai/mcp
  zed: {
    title: 'Zed',
    format: 'json',
    files: ({ home, config, cwd, join, platform = process.platform }) => [
      { scope: 'project', file: join(cwd, '.zed', 'settings.json'), path: ['context_servers'] },
      {
        scope: 'user',
        file:
          platform === 'win32'
            ? join(config, 'Zed', 'settings.json')
            : join(platform === 'darwin' ? join(home, '.config') : config, 'zed', 'settings.json'),
        path: ['context_servers'],
      },
    ],
    read: readZedEntry,
    write: commandOrAddress,
  },
  // https://geminicli.com/docs/tools/mcp-server
  gemini: {
    title: 'Gemini CLI',
    format: 'json',
    files: ({ home, cwd, join }) => [
      { scope: 'project', file: join(cwd, '.gemini', 'settings.json'), path: mcpServers },
      { scope: 'user', file: join(home, '.gemini', 'settings.json'), path: mcpServers },
    ],
    read: (entry) => {
      const { httpUrl, ...rest } = withText(entry, (text) => text.replaceAll(/\$([A-Za-z_]\w*)/g, '${$1}'));
      return httpUrl === undefined ? rest : { ...rest, url: httpUrl, type: 'http' };
    },
    write: (config) => {
      if ('command' in config) return { ...command(config), ...folder(config) };
      const { url, ...rest } = address(config) ?? {};
      if (url === undefined) return undefined;
      return { ...(config.transport === 'sse' ? { url } : { httpUrl: url }), ...rest };
    },
    reference: bare,
  },
  // https://opencode.ai/docs/mcp-servers; version 2 has the servers one level deeper.
  opencode: {
    title: 'OpenCode',
    format: 'json',
    files: ({ config, cwd, join }) =>
      (
        [
          ['project', cwd],
          ['user', join(config, 'opencode')],
        ] as const
      ).flatMap(([scope, place]) =>
        ['opencode.json', 'opencode.jsonc'].flatMap((name) =>
          [['mcp', 'servers'], ['mcp']].map((path) => ({ scope, file: join(place, name), path })),
        ),
      ),
    read: readOpenCodeEntry,
    write: writeOpenCodeEntry,
    reference: (name) => `{env:${name}}`,
  },
};

export const editorNames: readonly EditorName[] = Object.keys(editors) as EditorName[]; // Its own keys.

/** The program of that name; throws a usage error where there is none. */
export function editorNamed(name: string | undefined): EditorName {
  const known = oneOf(editorNames, 'The program', name);
  if (known === undefined) throw new CliError('usage', `Name a program: ${editorNames.join(', ')}`);
  return known;
}

/** The places of a program on this machine; none without a home folder. */
export function filesOf(editor: Editor, places: Places | undefined, surroundings: Surroundings): readonly EditorFile[] {
  if (places === undefined) return [];
  const path = pathOf(surroundings.platform);
  return editor.files({ ...places, ...surroundings, join: (...parts) => path.join(...parts) });
}

/** Entries without a command or URL are extensions of Zed itself; older ones have the command in an object. */
function readZedEntry({ enabled, command: written, ...entry }: Entry): Entry | undefined {
  if (written === undefined && entry['url'] === undefined) return undefined;
  const { path, args, env } = isObject(written) ? written : { path: written };
  return {
    ...entry,
    ...(written !== undefined && { command: path }),
    ...(args !== undefined && { args }),
    ...(env !== undefined && { env }),
    ...(enabled === false && { disabled: true }),
  };
}
