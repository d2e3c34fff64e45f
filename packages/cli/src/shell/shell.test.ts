import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startHttpServer as startServer } from '../../../../test/servers/launch.ts';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { listeners, startHttpServer, type TestServer } from '../../test-fixtures/http-server.ts';
import { hasPseudoTerminal, onTerminal, type OnTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { realEntry } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, input, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';

function shell(lines: readonly string[], argv: readonly string[], cwd: string = folderWith({})): Promise<Outcome> {
  return runCli(['shell', ...argv], { stdin: input(lines.join('\n')), cwd });
}

const command = (mode = ''): string[] => {
  const { command: node, args } = fixtureEntry(mode);
  return ['--', node, ...args];
};

async function httpServer(): Promise<TestServer> {
  const server = await startHttpServer(listeners.mcp);
  onTestFinished(server.close);
  return server;
}

describe('from a pipe', () => {
  test('each line runs as the command would', async () => {
    const { url } = await httpServer();
    const lines = ['# a comment', 'call echo --message "hi there"', '', 'mcp tools call echo message=again', 'tools'];
    const { exitCode, stdout, stderr } = await shell(lines, [url]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^hi there\nagain\necho +/);
  });

  test('a process is started once for all lines', async () => {
    const lines = ['rpc ping -v', 'rpc ping -v', 'rpc ping -v'];
    const { stderr } = await shell(lines, ['-v', ...command('stubborn')]);
    expect(stderr.match(/pid \d+/g)).toHaveLength(1);
  });

  test('a line that fails stops no other, and the first failure is the exit code', async () => {
    const lines = ['call fail', 'call nothing', 'call "', 'frobnicate', 'call echo --message hi', 'exit', 'call die'];
    const { exitCode, stdout, stderr } = await shell(lines, command());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/hi\n$/);
    expect(stderr).toContain('No tool is called "nothing"');
    expect(stderr).toContain('A " is not closed');
    expect(stderr).toContain('Unknown command "frobnicate"');
  });

  test('a server that dies again and again is there again for the next line', async () => {
    const dies = Array.from({ length: 8 }, () => 'call die');
    const { exitCode, stdout, stderr } = await shell([...dies, 'call echo --message back'], command());
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: 'back\n' });
    expect(stderr).not.toContain('crash');
  });

  test('a server that wants a login is called after somebody has logged in', async () => {
    const { url, close } = await startHttpServer((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer a-token';
      listeners[isKnown ? 'mcp' : 'unauthorized'](request, response);
    });
    onTestFinished(close);
    const env = { HOME: folderWith({}), MCP_KEYCHAIN: 'off' };
    async function* typed(): AsyncGenerator<string> {
      yield 'call echo --message stranger\n';
      await runCli(['auth', 'login', url, '--with-token'], { env, stdin: input('a-token') });
      yield 'call echo --message friend\n';
    }
    const { exitCode, stdout } = await runCli(['shell', url], { env, stdin: typed() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: 'friend\n' });
  });

  test('a line may name another server', async () => {
    const cwd = folderWith({ 'a.json': { mcpServers: { one: fixtureEntry(), two: realEntry('v1') } } });
    const lines = ['call echo --message of-one', 'call echo -s ./a.json#two --text of-two'];
    const { exitCode, stdout } = await shell(lines, ['-s', './a.json#one'], cwd);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'of-one\nof-two\n' });
  });

  test('what takes the place of the shell is refused, and so is its standard input', async () => {
    const { stderr, exitCode } = await shell(['shell', 'proxy x', 'call echo --input -'], command());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('mcp shell is a command of its own');
    expect(stderr).toContain('mcp proxy is a command of its own');
    expect(stderr).toContain('Standard input holds the lines of the shell');
  });
});

describe.skipIf(!hasPseudoTerminal)('on a terminal', () => {
  let entry = '';
  beforeAll(() => {
    entry = bundleCommand('shell');
  }, 60_000);

  function open(argv: readonly string[], home: string = folderWith({})): OnTerminal & { line(text: string): void } {
    const env = { HOME: home, XDG_STATE_HOME: '', XDG_CACHE_HOME: join(home, 'cache'), MCP_KEYCHAIN: 'off' };
    const terminal = onTerminal([process.execPath, entry, 'shell', ...argv], env);
    return { ...terminal, line: (text) => terminal.type(`${text}\r`) };
  }

  test('lines are prompted for, run, and ended by Ctrl-D', async () => {
    const terminal = open(command());
    await expect.poll(terminal.screen).toContain('node> ');
    terminal.line('call echo --message "hi there"');
    await expect.poll(terminal.screen).toMatch(/[\nK]hi there\r\n/);
    terminal.type('\u0004');
    expect(await terminal.exitCode).toBe(0);
  });

  test('Tab completes commands, tools and their arguments', async () => {
    const home = folderWith({});
    const terminal = open(command(), home);
    await expect.poll(() => existsSync(join(home, 'cache/mcp'))).toBe(true); // The shell has asked for the tools.
    terminal.type('call get_u\t');
    await expect.poll(terminal.screen).toContain('get_user ');
    terminal.type('--user\t');
    await expect.poll(terminal.screen).toContain('--user_id ');
    terminal.line('7');
    await expect.poll(terminal.screen).toContain('{"user_id":7}');
    terminal.type('resou\t');
    await expect.poll(terminal.screen).toContain('resources ');
    terminal.type('\u0015\u0004');
    expect(await terminal.exitCode).toBe(0);
  });

  test('Ctrl-C cancels the call that runs and nothing else: the connection stays, and the next line is taken', async () => {
    await using server = await startServer('v1-server');
    const terminal = open([server.url]);
    await expect.poll(terminal.screen).toContain('/mcp> ');
    terminal.line('call slow --label it --stepMs 60000 --steps 2');
    await expect.poll(async () => (await server.seen()).started).toEqual(['it']);
    terminal.type('\u0003');
    await expect.poll(async () => (await server.seen()).cancelled).toEqual(['it']);
    terminal.line('call echo --text still-there');
    await expect.poll(terminal.screen).toMatch(/[\nK]still-there\r\n/);
    expect((await server.seen()).sessions).toBe(1);
    terminal.type('half a line\u0003');
    terminal.line('exit');
    expect(await terminal.exitCode).toBe(0);
  });

  test('Ctrl-C leaves a request that cannot be cancelled behind, and nothing of it is shown', async () => {
    const terminal = open(command());
    await expect.poll(terminal.screen).toContain('node> ');
    terminal.line(`rpc tools/call '{"name": "hang", "arguments": {}}'`);
    await expect.poll(terminal.screen).toContain('node: tools/call');
    terminal.type('\u0003');
    await expect.poll(() => terminal.screen().split('node> ')).toHaveLength(3);
    const before = terminal.screen().length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(terminal.screen().slice(before)).not.toContain('tools/call');
    terminal.line('exit');
    expect(await terminal.exitCode).toBe(0);
  });

  test('a question of a server is answered on it, and the answer is no line of the shell', async () => {
    const { command: node, args } = realEntry('v1');
    const home = folderWith({});
    const terminal = open(['--', node, ...args], home);
    await expect.poll(terminal.screen).toContain('node> ');
    terminal.line('call confirm');
    await expect.poll(terminal.screen).toContain('Answer?');
    terminal.line('y');
    await expect.poll(terminal.screen).toContain('name (string)');
    terminal.type('Hedy\u007f');
    await expect.poll(terminal.screen).toMatch(/name \(string\) \["Ada"\]: .*name \(string\) \["Ada"\]: /s); // It is drawn anew.
    terminal.line('\u0015Grace');
    await expect.poll(terminal.screen).toContain('proceed (boolean)');
    terminal.line('yes');
    await expect.poll(terminal.screen).toContain('"name":"Grace","proceed":true');
    terminal.line(' rpc ping');
    terminal.line('exit');
    expect(await terminal.exitCode).toBe(0);
    const file = join(home, '.local/state/mcp/shell-history');
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe('call confirm\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = open(['--', node, ...args], home);
    await expect.poll(again.screen).toContain('node> ');
    again.type('\u001b[A');
    await expect.poll(again.screen).toContain('call confirm');
  });

  test('a server that cannot be reached is told by the line that needs it', async () => {
    const terminal = open(['http://127.0.0.1:9/mcp']);
    await expect.poll(terminal.screen).toContain('/mcp> ');
    terminal.line('tools');
    await expect.poll(terminal.screen).toMatch(/mcp: .*127\.0\.0\.1:9/);
    terminal.line('exit');
    expect(await terminal.exitCode).toBe(0);
  });
});
