import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from './load-config.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolwire-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, mcpServers: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ mcpServers }));
  return file;
}

test('reads a file; a relative cwd starts from its folder', async () => {
  const file = write('mcp.json', {
    near: { command: 'a', cwd: 'data/x' },
    above: { command: 'a', cwd: '..' },
    absolute: { command: 'a', cwd: '/srv' },
    none: { command: 'a' },
    web: { url: 'http://localhost/' },
  });
  expect({ ...(await loadConfig(file)) }).toEqual({
    near: { command: 'a', cwd: join(folder, 'data/x') },
    above: { command: 'a', cwd: join(folder, '..') },
    absolute: { command: 'a', cwd: '/srv' },
    none: { command: 'a' },
    web: { url: 'http://localhost/' },
  });
});

test('fills variables from the environment, or from what is given', async () => {
  const file = write('variables.json', { a: { command: '${TOOLWIRE_TEST_COMMAND}' } });
  await expect(loadConfig(file)).rejects.toMatchObject({ file, path: 'mcpServers.a.command' });
  vi.stubEnv('TOOLWIRE_TEST_COMMAND', 'server');
  await expect(loadConfig(file)).resolves.toHaveProperty('a.command', 'server');
  vi.unstubAllEnvs();
  await expect(loadConfig(file, { env: { TOOLWIRE_TEST_COMMAND: 'other' } })).resolves.toHaveProperty(
    'a.command',
    'other',
  );
});

test('fills in files, relative to the folder of the configuration; never one that may not end', async () => {
  writeFileSync(join(folder, 'token.txt'), 's3cret\n');
  writeFileSync(join(folder, 'large.txt'), 'x'.repeat(1_048_577));
  const file = write('files.json', { a: { url: 'http://x/', headers: { T: '${file:token.txt}' } } });
  await expect(loadConfig(file)).resolves.toHaveProperty('a.headers.T', 's3cret');
  for (const [path, problem] of [
    ['none.txt', 'does not exist'],
    ['.', 'is a directory'],
    ['large.txt', 'is larger than 1 MiB'],
    ['/dev/zero', 'is no file'],
  ]) {
    const wrong = write('wrong.json', { a: { command: `\${file:${path}}` } });
    await expect(loadConfig(wrong)).rejects.toThrow(`mcpServers.a.command uses \${file:${path}}, which ${problem}.`);
  }
});

test('says that a file is not there, is a folder, or is no JSON', async () => {
  const missing = join(folder, 'missing.json');
  await expect(loadConfig(missing)).rejects.toMatchObject({
    name: 'ConfigError',
    file: missing,
    path: '',
    message: `${missing} does not exist.`,
  });
  mkdirSync(join(folder, 'sub'));
  await expect(loadConfig(join(folder, 'sub'))).rejects.toThrow('is a directory');
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"mcpServers": {');
  await expect(loadConfig(broken)).rejects.toThrow(`${broken}:1:17: invalid JSON`);
});
