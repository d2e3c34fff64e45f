import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { fixtureEntry, folderWith, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';

interface Machine {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** A folder and a home with these files; names that begin with ~ are in the home. */
function machine(files: Readonly<Record<string, unknown>>): Machine {
  const io = { cwd: folderWith({}), env: { HOME: folderWith({}), TOKEN: 's3cret' } };
  for (const [name, content] of Object.entries(files)) {
    const file = name.startsWith('~/') ? join(io.env.HOME, name.slice(2)) : join(io.cwd, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return io;
}

const user = '~/.config/mcp/mcp.json';
const three = {
  'mcp.json': { mcpServers: { both: fixtureEntry(), project: { url: 'http://127.0.0.1:1/' } } },
  [user]: { mcpServers: { both: { command: 'never' }, mine: { command: 'x', env: { T: '${TOKEN}' } } } },
  '~/.cursor/mcp.json': { mcpServers: { mine: { command: 'never' }, theirs: fixtureEntry() } },
};

const json = ({ stdout }: Outcome): unknown => JSON.parse(stdout) as unknown;
const names = async (io: Machine, ...argv: string[]): Promise<string[]> =>
  Object.keys((json(await runCli([...argv, '--json'], io)) as { servers: object }).servers);

describe('which servers are meant', () => {
  test('without names: those of this folder and of the user, and none of another program', async () => {
    const io = machine(three);
    expect(await names(io, 'ping')).toEqual(['both', 'project', 'mine']);
    const { stdout, stderr } = await runCli(['tools', 'list'], io);
    expect(stdout).toMatch(/^echo {2}/);
    expect(stderr).not.toMatch(/never|theirs/);
  });

  test('by name: this folder comes before the user, and the user before other programs', async () => {
    const io = machine(three);
    for (const name of ['both', 'theirs'])
      expect(await runCli(['tools', 'list', '-s', name], io)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await runCli(['tools', 'list', '-s', 'mine'], io)).toMatchObject({ exitCode: 3 });
  });

  test('a broken file of another program is a warning, and told only where it could have had the name', async () => {
    const io = machine({ ...three, '~/.gemini/settings.json': '{ "mcpServers": ', '~/.codex/config.toml': 'x' });
    expect(await runCli(['tools', 'list', '-s', 'both'], io)).toMatchObject({ exitCode: 0, stderr: '' });
    const { exitCode, stderr } = await runCli(['tools', 'list', '-s', 'theirs'], io);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^mcp: left out: ~\/\.codex.+Invalid TOML.+\nmcp: left out: ~\/\.gemini.+invalid JSON.+\n$/);
  });

  test('a name that none has is told with all that could be meant', async () => {
    const { exitCode, stderr } = await runCli(['tools', 'list', '-s', 'theris'], machine(three));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'mcp: No server is called "theris"\n  Did you mean "theirs"? Configured: both, project, mine, theirs\n',
    });
  });

  test('mcp servers list has them all, with the file that each is from', async () => {
    const { exitCode, stdout } = await runCli(['servers', 'list'], machine(three));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^both +\S+node +mcp\.json\n/m);
    expect(stdout).toMatch(/^mine +x +~\/\.config\/mcp\/mcp\.json\n/m);
    expect(stdout).toMatch(/^theirs +\S+node +Cursor: ~\/\.cursor\/mcp\.json\n/m);
  });
});

describe('what a command loads', () => {
  const entry = { path: '' };
  beforeAll(() => {
    entry.path = bundleCommand('configuration');
  }, 60_000);

  /** The names of the chunks that a run of the built command has loaded. */
  function chunksLoadedBy(argv: readonly string[], { cwd, env }: Machine): string[] {
    const coverage = folderWith({});
    const all = { ...env, PATH: process.env['PATH'], NODE_V8_COVERAGE: coverage };
    execFileSync(process.execPath, [entry.path, '--trust', ...argv], { cwd, env: all, stdio: 'pipe' });
    const { result } = JSON.parse(readFileSync(join(coverage, readdirSync(coverage)[0] ?? ''), 'utf8')) as {
      result: { url: string }[];
    };
    const chunks = result.filter(({ url }) => url.includes('/temp/configuration/'));
    return chunks.map(({ url }) => /([^/]+)-\w+\.js$/.exec(url)?.[1] ?? '');
  }

  test('a server of this folder is found without looking at those of other programs', () => {
    const loaded = chunksLoadedBy(['tools', 'list', '-s', 'both'], machine(three));
    expect(loaded).toContain('commands');
    expect(loaded).not.toContain('read-editors');
    expect(loaded).not.toContain('configuration');
  });

  test('one of another program is found by what reads their files', () => {
    expect(chunksLoadedBy(['tools', 'list', '-s', 'theirs'], machine(three))).toContain('read-editors');
  });
});

test('mcp servers list tells of files that it cannot read', async () => {
  const foreign = await runCli(['servers', 'list'], machine({ ...three, '~/.gemini/settings.json': '{' }));
  expect(foreign).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^mcp: left out: ~\/\.gemini.+\n$/) });
  const own = await runCli(['servers', 'list'], machine({ ...three, [user]: '{' }));
  expect(own).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^mcp: ~\/\.config.+invalid JSON/) });
});

describe('mcp config path', () => {
  test('lists every file, what comes first wins', async () => {
    const io = machine(three);
    const { files } = json(await runCli(['config', 'path', '--json'], io)) as {
      files: { file: string; exists: boolean }[];
    };
    expect(files.filter(({ exists }) => exists).map(({ file }) => file)).toEqual([
      join(io.cwd, 'mcp.json'),
      join(io.env['HOME'] ?? '', '.config/mcp/mcp.json'),
      join(io.env['HOME'] ?? '', '.cursor/mcp.json'),
    ]);
    expect(files.length).toBeGreaterThan(12);
    const raw = await runCli(['config', 'path', '-r'], io);
    expect(raw.stdout.split('\n')[0]).toBe(join(io.cwd, 'mcp.json'));
  });
});

describe('mcp config show', () => {
  test('tells the servers of each file, and which are hidden by which', async () => {
    const { stdout } = await runCli(['config', 'show'], machine(three));
    expect(stdout).toMatch(/^mcp\.json \(this folder\)\n {2}both /);
    expect(stdout).toMatch(/^~\/\.config\/mcp\/mcp\.json \(user\)\n {2}both +never +hidden by mcp\.json\n/m);
    expect(stdout).toMatch(/^~\/\.cursor\/mcp\.json \(Cursor, user\)\n {2}mine +never +hidden by ~\/\.config/m);
  });

  test('--resolved tells what is left, with whole folders and without secrets', async () => {
    const io = machine(three);
    const outcome = await runCli(['config', 'show', '--resolved', '--json'], io);
    expect(outcome.stdout).not.toContain('s3cret');
    expect(json(outcome)).toMatchObject({
      mcpServers: {
        both: { from: 'mcp.json', hides: [user], cwd: io.cwd },
        mine: { command: 'x', env: { T: '•••' }, from: user },
        theirs: { from: '~/.cursor/mcp.json' },
      },
    });
  });
});

describe('mcp config validate', () => {
  test('is content with what is right', async () => {
    const { exitCode, stdout } = await runCli(['config', 'validate'], machine(three));
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'ok       mcp.json: 2 servers\nok       ~/.config/mcp/mcp.json: 2 servers\nok       ~/.cursor/mcp.json: 2 servers\n',
    );
  });

  test('tells every fault of ours with its place, and only warns of those of other programs', async () => {
    const wrong = { mcpServers: { a: { command: 5 }, b: { command: 'b', args: ['${NOT_SET}'] }, c: { command: 'c' } } };
    const foreign = { '~/.cursor/mcp.json': { mcpServers: { x: {} } }, '~/.zed/x': '', '.zed/settings.json': '{' };
    const both = await runCli(['config', 'validate'], machine({ 'mcp.json': wrong, ...foreign }));
    expect(both.exitCode).toBe(2);
    expect(both.stdout).toBe(`wrong    mcp.json: 3 servers
         mcp.json: mcpServers.a.command must be a string, not an integer.
         mcp.json: mcpServers.b.args[0] uses \${NOT_SET}, but the variable NOT_SET is not set; set it, or write \${NOT_SET:-default}.
warning  .zed/settings.json: 0 servers
         .zed/settings.json:1:2: invalid JSON: expected a property name in double quotes or }.
warning  ~/.cursor/mcp.json: 1 server
         ~/.cursor/mcp.json: mcpServers.x must have a "command" or a "url".
`);
    const alone = await runCli(['config', 'validate'], machine(foreign));
    expect(alone).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('looks at a file that is named, and says how to begin where there is none', async () => {
    const io = machine({ 'other.json': '{ "mcpServers": 5 }' });
    expect(await runCli(['config', 'validate', 'other.json'], io)).toMatchObject({
      exitCode: 2,
      stdout:
        'wrong    other.json: 0 servers\n         other.json: mcpServers must be an object of servers, not an integer.\n',
    });
    expect(await runCli(['config', 'validate', 'none.json'], io)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('Cannot read the configuration none.json: it does not exist'),
    });
    expect(await runCli(['config', 'validate', 'a.json', 'b.json'], io)).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await runCli(['config', 'validate'], machine({}))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('mcp servers add'),
    });
  });
});
