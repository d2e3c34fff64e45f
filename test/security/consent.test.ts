import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureEntry, folderWith, runUntrusted, type Outcome } from '../../packages/cli/test-fixtures/run-cli.ts';

/** A folder whose configuration has this one server, and a home of its own. */
function projectWith(entry: Record<string, unknown>): {
  cwd: string;
  run: (...argv: string[]) => Promise<Outcome>;
  write: (entry: Record<string, unknown>) => void;
} {
  const env = { HOME: folderWith({}), SECRET: 'canary-env-7f3a9c' };
  const cwd = folderWith({});
  const write = (one: Record<string, unknown>): void =>
    writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers: { one } }));
  write(entry);
  return { cwd, run: (...argv) => runUntrusted(argv, { cwd, env }), write };
}

/** A server that leaves a mark, and is otherwise like the others. */
function marking(mark: string): Record<string, unknown> {
  const source = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`;
  return { command: process.execPath, args: ['-e', source] };
}

const refusal = { exitCode: 2, stderr: expect.stringMatching(/not allowed[^]*mcp servers trust one/) };

describe('row 20', () => {
  test('row 20: what a file that was found would start is not started before somebody says yes', async () => {
    const mark = join(folderWith({}), 'started');
    const { run } = projectWith(marking(mark));
    for (const argv of [
      ['tools', 'list'],
      ['tools', 'call', 'x', '-s', 'one'],
      ['ping'],
      ['doctor'],
      ['servers', 'check'],
    ]) {
      expect((await run(...argv)).exitCode).not.toBe(0);
      expect(existsSync(mark)).toBe(false);
    }
    await run('tools', 'list', '--trust', '--timeout', '3s');
    expect(existsSync(mark)).toBe(true);
  });

  const { command, args } = fixtureEntry();
  test.each<[string, Record<string, unknown>]>([
    ['command', { command: `${process.execPath} `, args }],
    ['one argument', { command, args: [...args, '--more'] }],
    ['a variable', { command, args, env: { A: '2' } }],
    ['a further variable', { command, args, env: { A: '1', B: '1' } }],
    ['what a variable takes from the environment', { command, args, env: { A: '${SECRET}' } }],
    ['an inherited variable', { command, args, env: { A: '1' }, inheritEnv: ['SECRET'] }],
    ['the folder', { command, args, env: { A: '1' }, cwd: '..' }],
  ])('row 20: consent is to this one entry: %s changed asks again', async (_what, changed) => {
    const entry = { command, args, env: { A: '1' } };
    const { run, write } = projectWith(entry);
    expect(await run('tools', 'list')).toMatchObject(refusal);
    expect(await run('servers', 'trust', 'one')).toMatchObject({ exitCode: 0 });
    expect(await run('tools', 'list')).toMatchObject({ exitCode: 0 });
    write(changed);
    expect(await run('tools', 'list')).toMatchObject(refusal);
    write(entry);
    expect(await run('tools', 'list')).toMatchObject({ exitCode: 0 });
  });

  test('row 20: a found file may not send variables of ours to an address of its choice', async () => {
    const { run } = projectWith({ url: 'http://127.0.0.1:1/mcp', headers: { 'X-A': '${SECRET}' } });
    const outcome = await run('tools', 'list');
    expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not allowed') });
    expect(outcome.stderr).not.toContain('canary');
  });

  test('row 20: no shell reads the command', async () => {
    const { run, cwd } = projectWith({ command: 'echo', args: ['$(touch started)', ';', 'touch', 'started'] });
    await run('tools', 'list', '--trust', '--timeout', '2s');
    expect(existsSync(join(cwd, 'started'))).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('row 20: a file that everybody can change is warned of', async () => {
    const { run, cwd } = projectWith({ ...fixtureEntry() });
    chmodSync(join(cwd, '.mcp.json'), 0o666);
    expect((await run('tools', 'list', '--trust')).stderr).toMatch(/can be changed by everybody/);
  });
});
