import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { realCommand } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith } from '../../test-fixtures/run-cli.ts';

let entry = '';

beforeAll(() => {
  entry = bundleCommand('developers');
}, 60_000);

const mcp = (...argv: string[]): string[] => [process.execPath, entry, ...argv];
const patience = { timeout: 10_000 };

test('the built command mocks a server, records it, replays it and tests the replay', async () => {
  const expected = { tool: 'price', arguments: { item: 'tea' }, expect: { structured: { price: 3 } } };
  const cwd = folderWith({
    'shop.yaml': 'tools:\n  price: { answer: { structured: { price: 3 } } }\n',
    'shop.test.yaml': { tests: [expected] },
  });
  const run = async (...argv: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [entry, ...argv], { cwd })).stdout;
  const call = ['tools', 'call', 'price', '--input', '{"item":"tea"}', '--'];
  expect(await run(...call, ...mcp('record', 'a.jsonl', '--', ...mcp('mock', 'shop.yaml')))).toBe('{"price":3}\n');
  expect(await run('test', 'shop.test.yaml', '--', ...mcp('replay', 'a.jsonl'))).toContain('1 passed, 0 failed');
});

describe.skipIf(!hasPseudoTerminal)('on a terminal', () => {
  test('a long measurement shows how far it is, and leaves nothing behind', async () => {
    const slow = ['bench', 'slow', '--label', 'it', '--stepMs', '40', '--steps', '1', '-n', '40'];
    const terminal = onTerminal(mcp(...slow, ...realCommand('v1')));
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/node: slow █+░+ \d+ %/);
    expect(terminal.screen().split('\r\u001b[K').at(-1)).toMatch(/^slow on node: 40 calls in /);
  });

  test.each(['trace', 'record'])('Ctrl-C ends mcp %s with 130, and a stubborn server with it', async (command) => {
    const cwd = folderWith({});
    const file = join(cwd, 'a.jsonl');
    const server = fixtureEntry('stubborn');
    const operands = command === 'record' ? [file] : [];
    const terminal = onTerminal(mcp(command, ...operands, '--', server.command, ...server.args));
    await expect.poll(terminal.screen, patience).toMatch(/pid (\d+)\r/);
    const pid = Number(/pid (\d+)\r/.exec(terminal.screen())?.[1]);
    terminal.type('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await expect.poll(terminal.screen, patience).toContain('{"jsonrpc":"2.0","id":1,"result":{}}');
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(130);
    await expect.poll(() => isAlive(pid), patience).toBe(false);
    // What was said until then is kept.
    if (command === 'record') expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  test('lines of a trace end at the edge of the terminal', async () => {
    const terminal = onTerminal(mcp('trace', ...realCommand('v1')));
    terminal.type('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n');
    await expect.poll(terminal.screen, patience).toMatch(/← #1 tools\/list .+…\r\n/);
    expect(/^.*← #1 tools\/list.*…(?=\r)/m.exec(terminal.screen())?.[0]).toHaveLength(80);
    terminal.type('\u0004');
    expect(await terminal.exitCode).toBe(0);
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
