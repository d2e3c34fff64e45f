import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServerConfig } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../test-fixtures/run-cli.ts';
import type { Io } from '../io.ts';
import { editorNames, editors, filesOf, type EditorName } from './editors.ts';
import { installEntry } from './install-entry.ts';
import { findPlaces } from './places.ts';
import { readEditorLayers } from './read-editors.ts';

const fixtures = new URL('../../test-fixtures/editors/', import.meta.url);

/** A machine of its own, with a folder that the command runs in. */
function machine(): Pick<Io, 'cwd' | 'env'> {
  const home = folderWith({ 'project/x': '' });
  const env = { HOME: home, API_KEY: 'k3y', AIRTABLE_API_KEY: 'a1r', DB_CONNECTION_STRING: 'db:' };
  return { cwd: join(home, 'project'), env };
}

type Read = Record<string, ServerConfig | string>;

/** The servers of these layers; of one that cannot be used, why. */
async function read(name: EditorName, io: Pick<Io, 'cwd' | 'env'>): Promise<Read> {
  const layers = await readEditorLayers(io as Io, [editors[name]]); // Nothing is printed.
  for (const { problem } of layers) if (problem !== undefined) throw problem;
  const servers = layers.flatMap((layer) => [...layer.servers.values()]);
  return Object.fromEntries(
    servers.map(({ name: server, config }) => [server, config instanceof Error ? config.message : config]),
  );
}

/** Puts the fixture where the program has its file. */
function place(name: EditorName, fixture: string, io: Pick<Io, 'cwd' | 'env'>): void {
  const file = filesOf(editors[name], findPlaces(io), io).find(({ scope }) => scope === 'user')?.file ?? '';
  mkdirSync(dirname(file), { recursive: true });
  if (name === 'claude-code')
    writeFileSync(file, readFileSync(new URL(fixture, fixtures), 'utf8').replace('"/project"', JSON.stringify(io.cwd)));
  else copyFileSync(new URL(fixture, fixtures), file);
}

describe('a file as the program documents it is read', () => {
  const command = (cwd: string, program: string, args: string[], env?: Record<string, string>): ServerConfig => ({
    command: program,
    args,
    cwd,
    ...(env !== undefined && { env }),
  });
  test.each<[EditorName, string, (cwd: string, home: string) => Read]>([
    [
      'claude-desktop',
      'claude-desktop.json',
      (cwd) => ({
        filesystem: command(cwd, 'npx', ['-y', '@modelcontextprotocol/server-filesystem', '/Users/ada/Desktop']),
      }),
    ],
    [
      'claude-code',
      'claude-code.json',
      (cwd) => ({
        stripe: { url: 'https://mcp.stripe.example/', transport: 'http' },
        airtable: command(cwd, 'npx', ['-y', 'airtable-mcp-server'], { AIRTABLE_API_KEY: 'a1r' }),
        api: { url: 'https://api.example.com/sse', headers: { Authorization: 'Bearer k3y' }, transport: 'sse' },
      }),
    ],
    [
      'cursor',
      'cursor.json',
      (cwd, home) => ({
        'local-server': command(cwd, 'python', [`${cwd}/tools/mcp_server.py`], {
          API_KEY: 'k3y',
          SETTINGS: `${home}/settings`,
        }),
        'remote-server': { url: 'https://api.example.com/mcp', headers: { Authorization: 'Bearer k3y' } },
      }),
    ],
    [
      'vscode',
      'vscode.json',
      (cwd) => ({
        memory: command(cwd, 'npx', ['-y', '@modelcontextprotocol/server-memory']),
        github: { url: 'https://api.githubcopilot.example/mcp/', transport: 'http' },
        asks: expect.stringMatching(/servers\.asks\.env\.KEY uses \$\{input:api-key\}, which only an editor/) as string,
        reads: expect.stringMatching(/reads has an "envFile", which only VS Code reads/) as string,
      }),
    ],
    [
      'windsurf',
      'windsurf.json',
      (cwd) => ({
        github: command(cwd, 'npx', ['-y', '@modelcontextprotocol/server-github'], {
          GITHUB_PERSONAL_ACCESS_TOKEN: 'k3y',
        }),
        remote: { url: 'https://mcp.example.com/mcp', headers: { API_KEY: 'Bearer k3y' } },
      }),
    ],
    [
      'codex',
      'codex.toml',
      (cwd) => ({
        context7: {
          ...command(cwd, 'npx', ['-y', '@upstash/context7-mcp'], { MY_ENV_VAR: 'MY_ENV_VALUE' }),
          inheritEnv: ['LOCAL_TOKEN', 'REMOTE_TOKEN'],
        },
        figma: {
          url: 'https://mcp.figma.example/mcp',
          headers: { 'X-Figma-Region': 'us-east-1', 'X-Token': 'k3y', Authorization: 'Bearer k3y' },
        },
      }),
    ],
    [
      'zed',
      'zed.json',
      (cwd) => ({
        'local-mcp-server': command(cwd, 'some-command', ['arg-1', 'arg-2'], {}),
        'remote-mcp-server': { url: 'https://custom.example.com/mcp', headers: { Authorization: 'Bearer plain' } },
        older: command(cwd, 'some-command', ['arg-1'], { A: 'b' }),
      }),
    ],
    [
      'gemini',
      'gemini.json',
      (_cwd, home) => ({
        pythonTools: command(
          join(home, '.gemini/mcp-servers/python'),
          'python',
          ['-m', 'my_mcp_server', '--port', '8080'],
          { DATABASE_URL: 'db:', API_KEY: 'k3y' },
        ),
        httpServer: {
          url: 'http://localhost:3000/mcp',
          headers: { 'X-Custom-Header': 'custom-value' },
          transport: 'http',
        },
        sseServer: { url: 'http://localhost:8080/sse' },
      }),
    ],
    [
      'opencode',
      'opencode.json',
      (cwd) => ({
        everything: command(cwd, 'npx', ['-y', '@modelcontextprotocol/server-everything'], { LOG_LEVEL: 'info' }),
        'my-remote-mcp': { url: 'https://my-mcp-server.example/', headers: { Authorization: 'Bearer k3y' } },
      }),
    ],
    [
      'opencode',
      'opencode-1.json',
      (cwd) => ({
        'my-local-mcp-server': command(cwd, 'npx', ['-y', 'my-mcp-command'], { MY_ENV_VAR: 'my_env_var_value' }),
      }),
    ],
  ])('%s: %s', async (name, fixture, expected) => {
    const io = machine();
    place(name, fixture, io);
    expect(await read(name, io)).toEqual(expected(io.cwd, io.env['HOME'] ?? ''));
  });
});

const stdio: ServerConfig = { command: 'npx', args: ['-y', 'x'], env: { A: 'b' } };
const http: ServerConfig = { url: 'https://x.example/mcp', headers: { 'X-Key': 'v' } };

describe('what is written for a program is what it reads', () => {
  const cases = editorNames.flatMap((name) => [[name, stdio] as const, [name, http] as const]);
  test.each(cases.filter(([name, config]) => name !== 'claude-desktop' || 'command' in config))(
    '%s: %j',
    async (name, config) => {
      const io = machine();
      const [file] = filesOf(editors[name], findPlaces(io), io).filter(
        ({ scope, isReadOnly }) => scope === 'user' && !isReadOnly,
      );
      const { planChange, makeChange } = await import('./file-change.ts');
      const at = { file: file?.file ?? '', path: file?.path ?? [], shown: 'f', format: editors[name].format };
      await makeChange(await planChange(at, new Map([['my server', editors[name].write(config, config)]])), true);
      const { 'my server': server } = await read(name, io);
      const { transport: _wire, ...known } = { transport: undefined, cwd: undefined, ...(server as object) } as Record<
        string,
        unknown
      >;
      expect(known).toEqual({ ...config, cwd: 'command' in config ? io.cwd : undefined });
    },
  );
});

describe('variables are left to programs that fill them in', () => {
  const io = { cwd: '/', env: { TOKEN: 's3cret', HOST: 'x.example' } } as unknown as Io; // Nothing is printed.
  const layer = { scope: 'user', file: '/f', shown: 'f', path: ['mcpServers'], folder: '/' } as const;
  const ofCommand = { command: 'a', env: { TOKEN: '${TOKEN}', OTHER: '${NONE:-usual}' } };
  const ofAddress = { url: 'https://${HOST}/mcp', headers: { Authorization: 'Bearer ${env:TOKEN}' } };

  test.each<[EditorName, object, object]>([
    ['claude-code', { TOKEN: '${TOKEN}', OTHER: 'usual' }, { Authorization: 'Bearer ${TOKEN}' }],
    ['cursor', { TOKEN: '${env:TOKEN}', OTHER: 'usual' }, { Authorization: 'Bearer ${env:TOKEN}' }],
    ['opencode', { TOKEN: '{env:TOKEN}', OTHER: 'usual' }, { Authorization: 'Bearer {env:TOKEN}' }],
    ['zed', { TOKEN: 's3cret', OTHER: 'usual' }, { Authorization: 'Bearer s3cret' }],
  ])('%s', (name, env, headers) => {
    const command = installEntry({ name: 'a', layer, entry: ofCommand }, editors[name], io);
    expect(command.entry['env'] ?? command.entry['environment']).toEqual(env);
    expect(command.filled).toEqual(name === 'zed' ? ['TOKEN'] : []);
    const address = installEntry({ name: 'a', layer, entry: ofAddress }, editors[name], io);
    expect(address.entry).toMatchObject({ url: 'https://x.example/mcp', headers });
  });

  test('codex is told their names', () => {
    expect(installEntry({ name: 'a', layer, entry: ofCommand }, editors.codex, io)).toEqual({
      entry: { command: 'a', args: [], env_vars: ['TOKEN'], env: { OTHER: 'usual' } },
      filled: [],
    });
    const headers = { Authorization: 'Bearer ${TOKEN}', 'X-Token': '${TOKEN}', 'X-Both': 'a ${TOKEN}' };
    expect(installEntry({ name: 'a', layer, entry: { url: 'http://x/', headers } }, editors.codex, io).entry).toEqual({
      url: 'http://x/',
      bearer_token_env_var: 'TOKEN',
      env_http_headers: { 'X-Token': 'TOKEN' },
      http_headers: { 'X-Both': 'a s3cret' },
    });
  });

  test.each<[EditorName, object]>([
    ['claude-desktop', { url: 'http://x/' }],
    ['cursor', { url: 'ws://x/' }],
    ['codex', { url: 'http://x/', transport: 'sse' }],
    ['vscode', { url: 'http://x/', transport: 'rest' }],
  ])('what %s cannot connect to is offered another way: %j', (name, entry) => {
    expect(() => installEntry({ name: 'a', layer, entry }, editors[name], io)).toThrow('cannot connect to such');
  });
});

test('in the home folder a file that is the user’s own is not taken for one that was found', async () => {
  const io = machine();
  place('cursor', 'cursor.json', io);
  const layers = await readEditorLayers({ ...io, cwd: io.env['HOME'] ?? '' } as Io, [editors.cursor]); // As above.
  expect(layers.map(({ layer }) => layer.scope)).toEqual(['user']);
});

test('a file with several places for servers is told once, and what is wrong with it too', async () => {
  const io = machine();
  const file = (text: string): void => writeFileSync(join(io.cwd, 'opencode.json'), text);
  const tell = async (): Promise<[string, number, boolean][]> =>
    (await readEditorLayers(io as Io, [editors.opencode])).map(({ layer, servers, problem }) => [
      layer.path.join('.'),
      servers.size,
      problem !== undefined,
    ]);
  file('{}');
  expect(await tell()).toEqual([['mcp.servers', 0, false]]);
  file('{"mcp": {"a": {"type": "local", "command": ["a"]}}}');
  expect(await tell()).toEqual([['mcp', 1, false]]);
  file('{');
  expect(await tell()).toEqual([['mcp.servers', 0, true]]);
});

test.each<[NodeJS.Platform, EditorName, string]>([
  ['darwin', 'claude-desktop', '/home/Library/Application Support/Claude/claude_desktop_config.json'],
  ['win32', 'claude-desktop', String.raw`\home\AppData\Roaming\Claude\claude_desktop_config.json`],
  ['linux', 'claude-desktop', '/home/.config/Claude/claude_desktop_config.json'],
  ['darwin', 'vscode', '/home/Library/Application Support/Code/User/mcp.json'],
  ['win32', 'vscode', String.raw`\home\AppData\Roaming\Code\User\mcp.json`],
  ['linux', 'vscode', '/home/.config/Code/User/mcp.json'],
  ['darwin', 'zed', '/home/.config/zed/settings.json'],
  ['win32', 'zed', String.raw`\home\AppData\Roaming\Zed\settings.json`],
  ['win32', 'cursor', String.raw`\home\.cursor\mcp.json`],
  ['linux', 'windsurf', '/home/.codeium/windsurf/mcp_config.json'],
  ['linux', 'codex', '/home/.codex/config.toml'],
  ['linux', 'gemini', '/home/.gemini/settings.json'],
  ['linux', 'claude-code', '/home/.claude.json'],
  ['darwin', 'opencode', '/home/.config/opencode/opencode.json'],
])('on %s the file of %s is %s', (platform, name, file) => {
  const env = platform === 'win32' ? { USERPROFILE: String.raw`\home` } : { HOME: '/home' };
  const surroundings = { platform, env, cwd: '/' };
  const files = filesOf(editors[name], findPlaces(surroundings), surroundings).filter(({ scope }) => scope === 'user');
  expect(files[0]?.file).toBe(file);
});
