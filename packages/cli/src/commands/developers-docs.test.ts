import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const docs = readFileSync(new URL('../../../../docs/developing-servers.md', import.meta.url), 'utf8');

test('the mock of docs/developing-servers.md keeps the tests of docs/developing-servers.md', async () => {
  const [mock = '', tests = ''] = [...docs.matchAll(/^```yaml\n(.+?)^```$/gms)].map(([, block = '']) => block);
  const cwd = folderWith({ 'shop.yaml': mock, 'shop.test.yaml': tests });
  const server = ['--', process.execPath, '--conditions=@toolwire/source', main, 'mock', 'shop.yaml'];
  const { stdout, stderr } = await runCli(['test', 'shop.test.yaml', ...server], { cwd });
  expect({ stderr, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
    stderr: '',
    last: '3 passed, 0 failed, 0 skipped',
  });
});
