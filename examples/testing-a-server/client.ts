import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Where npm has put `mcp`; `npm install --global` makes this unnecessary.
const installed = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${installed}${delimiter}${process.env['PATH']}` };
const server = ['--', 'node', 'server.ts'];
const folder = mkdtempSync(join(tmpdir(), 'testing-a-server-'));
const file = (name: string): string => join(folder, name);

try {
  console.log('As a CI job runs them: exit code 0, and a report');
  assert.equal(mcp('test', 'shop.test.yaml', '--junit', file('report.xml')).status, 0);
  assert.match(readFileSync(file('report.xml'), 'utf8'), /<testsuites name="mcp test" tests="4" failures="0"/);

  console.log('A server that has changed: exit code 1, and what is different');
  env['RAISED_BY'] = '1';
  const broken = mcp('test', 'shop.test.yaml', '--filter', 'tea');
  assert.equal(broken.status, 1);
  assert.match(broken.stdout, /expected "tea: 3 €", got "tea: 4 €"/);

  console.log('What a host and the server say to each other, and how long each answer takes');
  const traced = mcp('tools', 'call', 'price', 'item=tea', '-v', '--', 'mcp', 'trace', ...server);
  assert.match(traced.stderr, /← #\d+ tools\/call [\d.]+ ms/);

  console.log('Written down, and played again without the server');
  const call = ['tools', 'call', 'price', 'item=coffee', '--'];
  const recorded = mcp(...call, 'mcp', 'record', file('session.jsonl'), ...server);
  const replayed = mcp(...call, 'mcp', 'replay', file('session.jsonl'));
  assert.equal(recorded.status, 0);
  assert.deepEqual(replayed, recorded);

  console.log('A stand-in for those who wait for the server: it keeps the same tests');
  assert.equal(mcp('test', 'shop.test.yaml', '--', 'mcp', 'mock', 'shop.mock.yaml').status, 0);

  console.log('How fast it is');
  const measured = mcp('bench', 'price', 'item=tea', '-n', '200', '-j', '4', '--json', ...server);
  const { calls, errors, latencyMs } = JSON.parse(measured.stdout);
  assert.deepEqual({ calls, errors }, { calls: 200, errors: {} });
  assert.ok(latencyMs.p50 <= latencyMs.p99);
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs the command as a shell would, in this folder, and shows what came of it. */
function mcp(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  console.log(`$ mcp ${args.map((arg) => (/^[\w:=.#/-]+$/.test(arg) ? arg : `"${arg}"`)).join(' ')}`);
  const isWindows = process.platform === 'win32'; // There a command is a script, which only a shell runs.
  const { status, stdout, stderr } = spawnSync('mcp', args, {
    cwd: import.meta.dirname,
    env,
    encoding: 'utf8',
    shell: isWindows,
  });
  console.log(`${stdout}${stderr}(exit code ${status})\n`);
  return { status, stdout, stderr };
}
