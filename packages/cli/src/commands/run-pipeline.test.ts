import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { fixtureEntry, folderWith, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';

// One folder of runs for all: to make one anew takes seconds.
const home = mkdtempSync(join(tmpdir(), 'mcp-runs-'));
const dir = join(home, 'runs');
const file = join(home, 'sums.yaml');
let entry = '';

beforeAll(() => {
  entry = bundleCommand('pipeline');
  writeFileSync(file, sums);
  execFileSync(process.execPath, [entry, 'runs', 'ls', '--dir', dir]);
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const sums = `
name: sums
input: { type: object, properties: { many: { type: integer, default: 2 } } }
servers: { local: ${JSON.stringify(fixtureEntry())} }
steps:
  - id: numbers
    forEach: [1, 2, 3]
    call: local.echo
    args: { message: '\${{ item }} of \${{ input.many }}' }
    idempotent: true
  - id: word
    approval: Add \${{ input.many }}?
    timeout: 20s
output: \${{ steps.word.result.approved }}
`;

const dying = `
name: dying
servers: { local: ${JSON.stringify(fixtureEntry())} }
steps:
  - { id: death, call: local.die, retries: { attempts: 1 } }
`;

function mcp(...argv: string[]): Promise<Outcome> {
  return runCli([...argv, '--dir', dir], { cwd: folderWith({ 'sums.yaml': sums, 'dying.yaml': dying }) });
}

const lines = (stdout: string): { type: string; [name: string]: unknown }[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });

describe('mcp run FILE.yaml', () => {
  test('shows with --dry-run what it would do', async () => {
    const plan = await mcp('run', 'sums.yaml', '--dry-run');
    expect(plan.stdout).toBe('numbers: calls local.echo, for each of a list\nword: asks: Add ${{ input.many }}?\n');
    expect(JSON.parse((await mcp('runs', 'ls', '--json')).stdout)).toEqual([]);
  });

  test('refuses what cannot run before anything is called, and says where in the file', async () => {
    const cwd = folderWith({ 'bad.yaml': sums.replace('local.echo', 'local.ehco') });
    const { exitCode, stderr } = await runCli(['run', 'bad.yaml', '--dir', dir], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/bad\.yaml:\d+: step numbers: .*ehco/),
    });
    expect((await mcp('run', 'sums.yaml', '--input', 'many=few')).exitCode).toBe(2);
    expect((await mcp('run', 'none.yaml')).stderr).toBe('mcp: There is no file none.yaml\n');
  });

  test('prints a line of JSON for each event; interrupted, it says how to go on', async () => {
    const argv = [entry, 'run', file, '--id', 'one', '--input', 'many=7', '--dir', dir];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
    await expect.poll(stdout, { timeout: 30_000 }).toContain('"question":"Add 7?"');
    expect(await mcp('runs', 'ls')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(stderr()).toContain('mcp: one goes on with: mcp runs resume one\n');
    expect(lines(stdout())[0]).toMatchObject({ type: 'run-started', steps: ['numbers', 'word'] });
    expect((await mcp('runs', 'answer', 'one', 'word', 'yes')).exitCode).toBe(0);
    const resumed = await mcp('runs', 'resume', 'one');
    expect(resumed.exitCode).toBe(0);
    expect(lines(resumed.stdout).at(-1)).toMatchObject({ type: 'result', status: 'completed', output: true });
    expect(lines(resumed.stdout).filter(({ type }) => type === 'call-started')).toEqual([]);
  });
});

test('a call whose fate is not known ends a run with what to do, and is done when somebody says so', async () => {
  const ended = await mcp('run', 'dying.yaml', '--id', 'lost');
  expect(ended.exitCode).toBe(1);
  expect(lines(ended.stdout).at(-1)).toMatchObject({ type: 'result', id: 'lost', status: 'needs-attention' });
  const shown = await mcp('runs', 'show', 'lost', '--html', join(home, 'lost.html'));
  expect(shown.exitCode).toBe(0);
  expect(readFileSync(join(home, 'lost.html'), 'utf8')).toContain('data-step="death" data-status="unknown"');
  expect((await mcp('runs', 'show', 'lost')).stdout).toMatch(/^lost of dying is needs-attention\ndeath +unknown/);
  expect((await mcp('runs', 'retry', 'lost', '--unknown', 'perhaps')).exitCode).toBe(2);
  expect((await mcp('runs', 'retry', 'lost', '--unknown', 'done')).exitCode).toBe(0);
  expect((await mcp('runs', 'resume', 'lost')).stderr).toMatch(/is completed/);
});

test('runs that are not there, and runs that are over', async () => {
  expect(await mcp('runs', 'show', 'nobody')).toMatchObject({ exitCode: 2, stderr: 'mcp: There is no run nobody\n' });
  expect((await mcp('runs', 'prune', '--older-than', '1ms')).stdout).toContain('lost\n');
  expect((await mcp('worker')).exitCode).toBe(2);
});

test.skipIf(!hasPseudoTerminal)('on a terminal the steps move, and nothing but the output is on stdout', async () => {
  const plain = join(home, 'plain.yaml');
  writeFileSync(plain, sums.replace('timeout: 20s', 'when: false').replace(/^output.*$/m, ''));
  const terminal = onTerminal([process.execPath, entry, 'run', plain, '--dir', dir, '--id', 'moving']);
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.screen()).toMatch(/✓ numbers {2}3 of 3.*\r\n✓ word {5}skipped.*\r\nmoving is completed\r\n/);
});

function read(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => (text += String(chunk)));
  return () => text;
}
