import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { McpServer } from '@modelcontextprotocol/server';
import { serveWebSocket } from '@toolwire/testing';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleCommand } from '../test-fixtures/bundle.ts';
import { fixtureEntry, folderWith, type Outcome } from '../test-fixtures/run-cli.ts';

let entry = '';

beforeAll(() => {
  entry = bundleCommand();
}, 60_000);

/** Runs the bundled command in a process of its own, whose standard input stays open. */
function runProcess(argv: readonly string[], cwd: string = folderWith({})): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 2 ** 24 };
    const child = execFile(process.execPath, [entry, ...argv], options, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

/** Bytes of a file and of all that it imports at once. */
function loadedWith(file: string, seen: Set<string> = new Set()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const code = readFileSync(file, 'utf8');
  const imported = [...code.matchAll(/\b(?:from|import) ?["'](\.\/[^"']+)["']/g)].map(([, name = '']) =>
    join(dirname(file), name),
  );
  return imported.reduce((size, next) => size + loadedWith(next, seen), code.length);
}

function start(argv: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [entry, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

const command = (mode: string): string[] => ['--', process.execPath, ...fixtureEntry(mode).args];

describe('the bundled command', () => {
  test('starts with a small entry; the rest is loaded by the command that needs it', () => {
    expect(loadedWith(entry)).toBeLessThan(16_000);
    const commands = readdirSync(dirname(entry)).find((name) => name.startsWith('commands-')) ?? '';
    expect(loadedWith(join(dirname(entry), commands))).toBeLessThan(180_000);
  });

  test('prints version and help', async () => {
    expect((await runProcess(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await runProcess(['--help'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('ends although its standard input stays open', async () => {
    expect(await runProcess(['tools', 'call', 'echo', '--message', 'hi', ...command('')])).toEqual({
      exitCode: 0,
      stdout: 'hi\n',
      stderr: '',
    });
  });

  test('speaks WebSocket', async () => {
    const { url, close } = await serveWebSocket((transport) => {
      const server = new McpServer({ name: 'socket', version: '1.0.0' });
      server.registerTool('hello', {}, () => ({ content: [{ type: 'text', text: 'Hello' }] }));
      void server.connect(transport);
    });
    const argv = ['tools', 'call', 'hello', '-s', url];
    expect(await runProcess(argv)).toEqual({ exitCode: 0, stdout: 'Hello\n', stderr: '' });
    await close();
  });

  test('cuts nothing of a megabyte through a pipe', async () => {
    expect((await runProcess(['tools', 'call', 'big', ...command('')])).stdout).toHaveLength(2 ** 20 + 1);
  });

  test('is silent when its reader leaves', async () => {
    const child = start(['tools', 'call', 'big', ...command('')]);
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect({ exitCode: await exitOf(child), stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('is told apart by its exit code', async () => {
    expect((await runProcess(['tools', 'list'])).exitCode).toBe(2);
    expect((await runProcess(['tools', 'list', '--', 'no-such-command-here'])).exitCode).toBe(3);
    expect((await runProcess(['tools', 'list', '--timeout', '300ms', ...command('silent')])).exitCode).toBe(124);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 130 on %s, and takes a stubborn server with it',
    async (signal) => {
      const child = start(['tools', 'call', 'hang', '-v', ...command('stubborn')]);
      const pid = await new Promise<number>((resolve) => {
        let stderr = '';
        child.stderr?.on('data', (chunk) => {
          stderr += String(chunk);
          const found = /pid (\d+)\n/.exec(stderr);
          if (found !== null) resolve(Number(found[1]));
        });
      });
      child.kill(signal);
      expect(await exitOf(child)).toBe(130);
      await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    },
  );
});

describe('the demonstration server', () => {
  const demo = fileURLToPath(new URL('../../demo-server/dist/main.js', import.meta.url));
  const configured = (): string =>
    folderWith({ 'server_config.json': { mcpServers: { local: { command: process.execPath, args: [demo] } } } });

  test.each<[argv: string[], says: string]>([
    [['tools', 'list'], 'execute_sql_query'],
    [['tools', 'call', 'list_tables'], 'users'],
    [['tools', 'call', 'execute_sql_query', '--sql', 'SELECT COUNT(*) FROM users'], 'COUNT(*)'],
    [['tools', 'call', 'get_table_schema', '--table_name', 'orders'], 'user_id'],
  ])('%j', async (argv, says) => {
    for (const outcome of [
      await runProcess(['--trust', ...argv], configured()),
      await runProcess([...argv, '-s', 'demo']),
    ]) {
      expect({ exitCode: outcome.exitCode, stderr: outcome.stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(outcome.stdout).toContain(says);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
