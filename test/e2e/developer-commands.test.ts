import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCommand } from '../run-command.ts';
import { referenceServer, startEverythingServer, temporaryDirectory } from '../servers/launch.ts';

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const { command, args = [] } = referenceServer('everything');
const words = ['--', command, ...args];

/** Runs `mcp` from the sources; throws unless it ends with 0. */
function mcp(...argv: string[]): Promise<string> {
  return runCommand(process.execPath, ['--conditions=@toolwire/source', main, ...argv]);
}

const tests = [
  { tool: 'echo', arguments: { message: 'hi' }, expect: { text: 'Echo: hi' } },
  { tool: 'get-sum', arguments: { a: 2, b: 3 }, expect: { text: { contains: '5' } } },
  {
    tool: 'get-structured-content',
    arguments: { location: 'New York' },
    expect: { schema: { type: 'object', required: ['temperature'] }, structured: { conditions: { matches: '^\\w' } } },
  },
  { tool: 'get-sum', arguments: { a: 'two' }, expect: { isError: true } },
  { method: 'prompts/list', expect: { structured: { 'prompts[*].name': { contains: 'simple-prompt' } } } },
];

test('server-everything keeps the tests that are written for it, as a command and at a URL', async () => {
  await using folder = await temporaryDirectory({ 'everything.test.json': JSON.stringify({ tests }) });
  const file = join(folder.path, 'everything.test.json');
  expect(await mcp('test', file, ...words)).toContain('5 passed, 0 failed');
  await using server = await startEverythingServer();
  expect(await mcp('test', file, '-s', server.url)).toContain('5 passed, 0 failed');
});

test('server-everything is measured, and called through a trace', async () => {
  const measured = JSON.parse(await mcp('bench', '--json', '-n', '50', '-j', '5', 'echo', 'message=hi', ...words));
  expect(measured).toMatchObject({ tool: 'echo', calls: 50, jobs: 5, errors: {} });
  const traced = ['--', process.execPath, '--conditions=@toolwire/source', main, 'trace', ...words];
  expect(await mcp('tools', 'call', 'echo', 'message=hi', ...traced)).toBe('Echo: hi\n');
});
