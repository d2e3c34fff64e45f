import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DirectoryInUseError } from '../errors.ts';
import { lockDirectory } from './directory-lock.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'toolwire-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('has one holder, whose process the error names', async () => {
  const path = await directory();
  const unlock = await lockDirectory(path);
  const second = lockDirectory(path);
  await expect(second).rejects.toThrow(DirectoryInUseError);
  await expect(second).rejects.toMatchObject({ code: 'directory-in-use', pid: process.pid, directory: path });
  await unlock();
  await (
    await lockDirectory(path)
  )();
  expect(await readdir(path)).toEqual([]);
});

test('makes the directory', async () => {
  const path = join(await directory(), 'not/yet');
  await (
    await lockDirectory(path)
  )();
  expect(await readdir(path)).toEqual([]);
});

test('is taken over from a process that has died', async () => {
  const path = await directory();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  await writeFile(join(path, 'lock'), JSON.stringify({ pid: child.pid, startedAt: null }));
  const unlock = await lockDirectory(path);
  expect(JSON.parse(await readFile(join(path, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test.runIf(process.platform === 'linux')('is not held by a later process that has the same number', async () => {
  const path = await directory();
  await writeFile(join(path, 'lock'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
  await (
    await lockDirectory(path)
  )();
});

test('a lock that was cut short is nobody’s', async () => {
  const path = await directory();
  await writeFile(join(path, 'lock'), '{"pid":');
  await (
    await lockDirectory(path)
  )();
});

test('of many that come at once, one gets it', async () => {
  const path = await directory();
  await writeFile(join(path, 'lock'), 'stale');
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(path)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(path)).toEqual(['lock']);
});
