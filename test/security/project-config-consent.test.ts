import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleCommand } from '../../packages/cli/test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal } from '../../packages/cli/test-fixtures/pseudo-terminal.ts';
import { realEntry } from '../../packages/cli/test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, runUntrusted, type Outcome } from '../../packages/cli/test-fixtures/run-cli.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';
import { makeCertificate } from './certificates.ts';

const authority = makeCertificate('Authority');
const echo = { name: 'echo', inputSchema: { type: 'object' } };

interface Project {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** A folder with this configuration, on a machine where nothing was allowed yet. */
function projectWith(local: object, file = 'mcp.json', key = 'mcpServers'): Project {
  const cwd = folderWith({ [file]: { [key]: { local } } });
  return { cwd, env: { HOME: folderWith({}), SECRET: 'canary-31' } };
}

/** A server that leaves a file behind when it is started. */
function marking(cwd: string, ...args: string[]): object {
  const mark = `require('fs').writeFileSync(process.argv[1], '')`;
  return { command: process.execPath, args: ['-e', mark, join(cwd, 'started'), ...args] };
}

function rewrite({ cwd }: Project, local: object): void {
  writeFileSync(join(cwd, 'mcp.json'), JSON.stringify({ mcpServers: { local } }));
}

const list = (project: Project, ...flags: string[]): Promise<Outcome> =>
  runUntrusted(['tools', 'list', ...flags], project);
const trust = (project: Project): Promise<Outcome> => runUntrusted(['servers', 'trust', 'local'], project);
const refused = { exitCode: 2, stdout: '', stderr: expect.stringContaining('you have not allowed it yet') as string };
const allowed = { exitCode: 0, stdout: expect.stringContaining('echo') as string };

describe('row 20: a command of a configuration that was found', () => {
  test('row 20: is not started where nobody can be asked; the message says how to allow it', async () => {
    const project = projectWith({});
    rewrite(project, marking(project.cwd));
    for (const argv of [['tools', 'list'], ['ping', 'local'], ['doctor'], ['tools', 'call', 'x'], ['proxy', 'local']]) {
      const { exitCode, stderr, stdout } = await runUntrusted(argv, project);
      expect({ argv, exitCode }).toEqual({ argv, exitCode: 2 });
      expect(stdout + stderr).toContain('mcp servers trust local, or --trust');
    }
    expect(existsSync(join(project.cwd, 'started'))).toBe(false);
  });

  test.each([
    ['.cursor/mcp.json', 'mcpServers'],
    ['.vscode/mcp.json', 'servers'],
    ['.gemini/settings.json', 'mcpServers'],
    ['.zed/settings.json', 'context_servers'],
    ['.mcp.json', 'mcpServers'],
  ])('row 20: nor one of %s', async (file, key) => {
    expect(await list(projectWith(fixtureEntry(), file, key), '-s', 'local')).toMatchObject(refused);
  });

  test('row 20: is allowed once for all, where only this user can read it', async () => {
    const project = projectWith(fixtureEntry());
    expect(await trust(project)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(process.execPath) });
    expect(await list(project)).toMatchObject(allowed);
    const folder = join(project.env['HOME'] ?? '', '.local/state/mcp/trusted');
    const [file = ''] = readdirSync(folder);
    expect(file).toMatch(/^[0-9a-f]{64}\.json$/);
    expect([statSync(folder).mode & 0o777, statSync(join(folder, file)).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  const entry = { ...fixtureEntry('a', 'b'), env: { MODE: 'x' }, inheritEnv: ['LANG'] };
  test.each<[what: string, changed: object]>([
    ['one argument', { ...entry, args: [...entry.args.slice(0, -1), 'c'] }],
    ['one argument more', { ...entry, args: [...entry.args, ''] }],
    ['the command', { ...entry, command: '/bin/sh' }],
    ['a variable', { ...entry, env: { MODE: 'y' } }],
    ['a variable more', { ...entry, env: { MODE: 'x', NODE_OPTIONS: '--require ./evil.js' } }],
    ['the variables that are handed on', { ...entry, inheritEnv: ['LANG', 'SECRET'] }],
    ['the folder', { ...entry, cwd: '..' }],
    ['a reference for a value', { ...entry, env: { MODE: '${SECRET}' } }],
  ])('row 20: is asked about again when %s changes', async (_what, changed) => {
    const project = projectWith(entry);
    await trust(project);
    expect(await list(project)).toMatchObject(allowed);
    rewrite(project, changed);
    expect(await list(project)).toMatchObject(refused);
  });

  test('row 20: is asked about again in another folder, and by another user', async () => {
    const project = projectWith(fixtureEntry());
    await trust(project);
    const copy = folderWith({ 'mcp.json': readFileSync(join(project.cwd, 'mcp.json'), 'utf8') });
    expect(await list({ ...project, cwd: copy })).toMatchObject(refused);
    expect(await list({ ...project, env: { HOME: folderWith({}) } })).toMatchObject(refused);
    expect(await list({ ...project, env: {} })).toMatchObject(refused);
  });

  test('row 20: is asked about again when a default, or a file that it is filled from, changes', async () => {
    const withDefault = projectWith(fixtureEntry('${NONE:-a}'));
    await trust(withDefault);
    rewrite(withDefault, fixtureEntry('${NONE:-b}'));
    expect(await list(withDefault)).toMatchObject(refused);

    const withFile = projectWith(fixtureEntry('${file:args.txt}'));
    writeFileSync(join(withFile.cwd, 'args.txt'), 'a');
    await trust(withFile);
    expect(await list(withFile)).toMatchObject(allowed);
    writeFileSync(join(withFile.cwd, 'args.txt'), 'b');
    expect(await list(withFile)).toMatchObject(refused);
  });

  test('row 20: is not asked about again when a variable of the user has another value', async () => {
    const project = projectWith({ ...fixtureEntry(), env: { TOKEN: '${SECRET}' } });
    await trust(project);
    expect(await list({ ...project, env: { ...project.env, SECRET: 'rotated' } })).toMatchObject(allowed);
  });

  test('row 20: is the user’s own when its file was named, when it is theirs, or with --trust', async () => {
    const project = projectWith(fixtureEntry());
    expect(await list(project, '--config', 'mcp.json')).toMatchObject(allowed);
    expect(await list(project, '-s', './mcp.json#local')).toMatchObject(allowed);
    expect(await list(project, '--trust')).toMatchObject(allowed);
    expect(await list(project)).toMatchObject(refused);
    const config = join(project.env['HOME'] ?? '', '.config/mcp');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'mcp.json'), JSON.stringify({ mcpServers: { mine: fixtureEntry() } }));
    expect(await list(project, '-s', 'mine')).toMatchObject(allowed);
  });

  test('row 20: stops no other server', async () => {
    const project = projectWith(fixtureEntry());
    await trust(project);
    const servers = { local: fixtureEntry(), other: marking(project.cwd) };
    writeFileSync(join(project.cwd, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
    const outcome = await list(project);
    expect(outcome).toMatchObject({ ...allowed, stderr: expect.stringContaining('other: mcp.json wants to start') });
    expect(existsSync(join(project.cwd, 'started'))).toBe(false);
  });

  test('row 20: is shown, and nothing of it started, by what only shows', async () => {
    const project = projectWith({});
    rewrite(project, marking(project.cwd));
    for (const argv of [
      ['servers', 'list'],
      ['servers', 'show', 'local'],
      ['config', 'show'],
    ])
      expect(await runUntrusted(argv, project)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('local'),
      });
    expect(existsSync(join(project.cwd, 'started'))).toBe(false);
  });

  test('row 20: is no line of a shell', async () => {
    const project = projectWith({});
    rewrite(project, { command: `touch ${join(project.cwd, 'started')}`, args: [';', 'touch', 'started'] });
    expect(await list(project, '--trust')).toMatchObject({ exitCode: 3 });
    expect(existsSync(join(project.cwd, 'started'))).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('row 20: is warned of where everybody could have written it', async () => {
    const project = projectWith(fixtureEntry());
    await trust(project);
    chmodSync(join(project.cwd, 'mcp.json'), 0o666);
    expect(await list(project)).toMatchObject({
      ...allowed,
      stderr: 'mcp: mcp.json can be changed by everybody on this machine: chmod o-w it\n',
    });
  });
});

test('row 20: an address that variables are sent to needs consent as a command does; a plain one needs none', async () => {
  let seen = '';
  await using server = await startRawHttpServer({
    'tools/list': ({ request, result }) => {
      seen = String(request.headers['x-key']);
      result({ tools: [echo] });
    },
  });
  const project = projectWith({ url: server.url, headers: { 'X-Key': '${SECRET}' } });
  expect(await list(project)).toMatchObject(refused);
  expect(seen).toBe('');
  await trust(project);
  expect(await list(project)).toMatchObject(allowed);
  expect(seen).toBe('canary-31');
  rewrite(project, { url: server.url.replace('127.0.0.1', 'localhost'), headers: { 'X-Key': '${SECRET}' } });
  expect(await list(project)).toMatchObject(refused);
  rewrite(project, { url: server.url });
  expect(await list(project)).toMatchObject(allowed);
});

test.each([
  ['an authority of its own', { tls: { ca: authority.cert } }],
  ['credentials unencrypted', { allowInsecureHttp: true }],
])('row 20: an address that wants %s needs consent: a login could end elsewhere', async (_what, network) => {
  await using server = await startRawHttpServer({ 'tools/list': ({ result }) => result({ tools: [echo] }) });
  const project = projectWith({ url: server.url, ...network });
  expect(await list(project)).toMatchObject({ ...refused, stderr: expect.stringContaining('protect') as string });
  expect(server.requests).toEqual([]);
  expect((await trust(project)).stdout).toMatch(/trusts: |unencrypted/);
  expect(await list(project)).toMatchObject(allowed);
});

test('row 20: an authority from a file is asked about again when the file changes', async () => {
  await using server = await startRawHttpServer({ 'tools/list': ({ result }) => result({ tools: [echo] }) });
  const project = projectWith({ url: server.url, tls: { ca: '${file:ca.pem}' } });
  writeFileSync(join(project.cwd, 'ca.pem'), authority.cert);
  await trust(project);
  expect(await list(project)).toMatchObject(allowed);
  writeFileSync(join(project.cwd, 'ca.pem'), makeCertificate('Other').cert);
  expect(await list(project)).toMatchObject(refused);
});

describe.skipIf(!hasPseudoTerminal)('row 20: on a terminal', () => {
  const entry = { path: '' };
  beforeAll(() => {
    entry.path = bundleCommand('consent');
  }, 60_000);

  /** A command line in the folder of a project, on a terminal. */
  function onTerminalIn({ cwd, env }: Project, ...argv: string[]): ReturnType<typeof onTerminal> {
    return onTerminal(['env', '-C', cwd, process.execPath, entry.path, ...argv], env);
  }
  const listOnTerminal = (project: Project): ReturnType<typeof onTerminal> => onTerminalIn(project, 'tools', 'list');

  test('row 20: it is asked once, with the command, its arguments and the names of its variables', async () => {
    const project = projectWith({ ...fixtureEntry('first', 'a  b\u001b[2K'), env: { TOKEN: '${SECRET}' } });
    const terminal = listOnTerminal(project);
    await expect.poll(terminal.screen).toContain('Allow it from now on? [y]es, [N]o: ');
    const screen = terminal.screen();
    expect(screen).toContain(`starts:       ${process.execPath} `);
    expect(screen).toContain(String.raw`first "a  b\u001b[2K"`);
    expect(screen).toMatch(/in: +\/.+\r\n +variables: +TOKEN\r\n/);
    expect(screen).not.toContain('canary');
    expect(screen).not.toContain('\u001b[2K"');
    terminal.type('y\n');
    expect(await terminal.exitCode).toBe(0);
    const again = listOnTerminal(project);
    expect(await again.exitCode).toBe(0);
    expect(again.screen()).not.toContain('Allow it');
  });

  test('row 20: what the server asks afterwards is answered on the same terminal', async () => {
    const terminal = onTerminalIn(projectWith(realEntry('v1')), 'tools', 'call', 'confirm');
    await expect.poll(terminal.screen).toContain('Allow it from now on?');
    terminal.type('y\n');
    await expect.poll(terminal.screen).toContain('local asks: Go on?');
    terminal.type('n\n');
    expect(await terminal.exitCode).toBe(5);
  });

  test('row 20: Ctrl-C ends the question, and the command', async () => {
    const terminal = listOnTerminal(projectWith(fixtureEntry()));
    await expect.poll(terminal.screen).toContain('Allow it from now on?');
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(130);
  });

  test('row 20: anything but yes starts nothing, and is not remembered', async () => {
    const project = projectWith({});
    rewrite(project, marking(project.cwd));
    for (const keys of ['n\n', '\n', '\u0004']) {
      const terminal = listOnTerminal(project);
      await expect.poll(terminal.screen).toContain('Allow it from now on?');
      terminal.type(keys);
      expect(await terminal.exitCode).toBe(2);
    }
    expect(existsSync(join(project.cwd, 'started'))).toBe(false);
  });
});
