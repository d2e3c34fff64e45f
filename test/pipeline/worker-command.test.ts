import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../run-command.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';

const mcp = fileURLToPath(new URL('bin/mcp.js', import.meta.resolve('@toolwire/cli/package.json')));
const demo = fileURLToPath(new URL('dist/main.js', import.meta.resolve('@toolwire/demo-server/package.json')));

const pipeline = `
name: counts
servers: { demo: ${JSON.stringify({ command: process.execPath, args: [demo] })} }
steps:
  - { id: nap, sleep: 4s }
  - { id: users, call: demo.execute_sql_query, args: { sql: SELECT COUNT(*) AS n FROM users }, idempotent: true }
`;

test.skipIf(postgresPrograms === undefined)(
  'mcp run --detach leaves a run to mcp worker; another worker takes it over when that one is killed',
  { timeout: 90_000 },
  async () => {
    await using postgres = await startPostgres();
    const db = postgres.create('command');
    const cwd = mkdtempSync(join(tmpdir(), 'toolwire-worker-'));
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
    writeFileSync(join(cwd, 'counts.yaml'), pipeline);
    const command = (...argv: string[]): Promise<string> =>
      runCommand(process.execPath, [mcp, ...argv, '--db', db], { cwd });

    const first = await startWorker(db, cwd);
    expect(await command('run', 'counts.yaml', '--detach', '--id', 'one')).toBe('one\n');
    await expect.poll(() => command('runs', 'ls'), { timeout: 20_000 }).toMatch(/^one +running/);
    const killed = once(first, 'exit');
    first.kill('SIGKILL');
    await killed;
    await startWorker(db, cwd);
    await expect.poll(() => command('runs', 'ls'), { timeout: 30_000 }).toMatch(/^one +completed/);
    const { output } = JSON.parse(await command('runs', 'show', 'one', '--json')) as { output: unknown };
    expect(JSON.stringify(output)).toContain('8');
  },
);

async function startWorker(db: string, cwd: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [mcp, 'worker'], {
    cwd,
    env: { ...process.env, MCP_PIPELINE_DB: db },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  await expect.poll(() => said, { timeout: 20_000 }).toContain('ready for runs');
  return child;
}
