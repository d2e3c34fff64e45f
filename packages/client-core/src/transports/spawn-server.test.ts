import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnServer } from './spawn-server.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolwire-'));
  writeFileSync(join(folder, 'text'), 'text', { mode: 0o644 });
  writeFileSync(join(folder, 'orphan'), '#!/no/such/interpreter\n', { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function inFolder(path: string): string {
  return path.replace('FOLDER', folder);
}

test.each([
  ['a command that is not there', { command: 'no-such-command' }, 'not found on PATH; install it'],
  ['a path that is not there', { command: './no-such-file' }, 'no such file'],
  ['a file that is not executable', { command: 'FOLDER/text' }, 'permission denied; make the file executable'],
  ['a script without its interpreter', { command: 'FOLDER/orphan' }, 'the interpreter that its first line names'],
  [
    'a working directory that is not there',
    { command: 'node', cwd: '/no/such' },
    'working directory /no/such does not exist',
  ],
  ['a working directory that is a file', { command: 'node', cwd: 'FOLDER/text' }, 'is not a directory'],
  ['arguments that no program can get', { command: 'node', args: ['a\0b'] }, 'check the command and its arguments'],
])('says what to do about %s', async (_title, { command, ...options }, problem) => {
  const cwd = 'cwd' in options ? inFolder(options.cwd) : undefined;
  const error: unknown = await spawnServer({ ...options, command: inFolder(command), cwd }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'spawn-failed', delivered: 'no', retryable: false, cause: expect.any(Error) });
  expect((error as Error).message).toContain(`Cannot start "${inFolder(command)}": `);
  expect((error as Error).message).toContain(problem);
});
