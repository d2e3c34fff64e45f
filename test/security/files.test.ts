import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, runCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';

/** Names that a server could want a file to have. */
const names = [
  '../escaped',
  '../../../../tmp/escaped',
  '/tmp/escaped',
  'C:\\Windows\\escaped',
  '\\\\host\\share\\escaped',
  '..\\escaped',
  '..',
  '.',
  '',
  'CON',
  'nul.txt',
  'COM1',
  'a\u0000.txt',
  '.bashrc',
  '-rf',
  '$(touch escaped)',
  'a/../../escaped',
  '%2e%2e%2fescaped',
  'file:///tmp/escaped',
  '~/.ssh/authorized_keys',
  'x'.repeat(5000),
  '\u202egnp.exe',
];

/** Everything below a folder. */
function treeOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
}

describe('row 23', () => {
  test.each(names)('row 23: a result called %j is saved under a name of ours', async (name) => {
    await using server = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [{ name: 'draw', inputSchema: { type: 'object' } }] }),
      'tools/call': ({ result }) =>
        result({
          content: [
            { type: 'image', data: 'AAAA', mimeType: `image/${name}`, name },
            { type: 'resource', resource: { uri: name, name, mimeType: name, blob: 'AAAA' } },
          ],
        }),
    });
    const cwd = folderWith({});
    mkdirSync(join(cwd, 'out'));
    const outcome = await runCli(['tools', 'call', 'draw', '-s', server.url, '--save', 'out/'], { cwd });
    expect(outcome).toMatchObject({ exitCode: 0 });
    const files = treeOf(cwd).filter((file) => file !== 'out');
    expect(files).toHaveLength(2);
    for (const file of files) expect(file).toMatch(/^out[\\/][a-z]+-\d\.[a-z0-9]{2,5}$/);
  });

  test('row 23: a link that lies in wait is not written through', async () => {
    await using server = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [{ name: 'draw', inputSchema: { type: 'object' } }] }),
      'tools/call': ({ result }) => result({ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }),
    });
    const cwd = folderWith({ victim: 'untouched' });
    mkdirSync(join(cwd, 'out'));
    symlinkSync(join(cwd, 'victim'), join(cwd, 'out', 'image-1.png'));
    await runCli(['tools', 'call', 'draw', '-s', server.url, '--save', 'out/'], { cwd });
    expect(readFileSync(join(cwd, 'victim'), 'utf8')).toBe('untouched');
    expect(lstatSync(join(cwd, 'victim')).isFile()).toBe(true);
  });

  test('row 23: a file that is there is not overwritten by a name of ours', async () => {
    await using server = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [{ name: 'draw', inputSchema: { type: 'object' } }] }),
      'tools/call': ({ result }) => result({ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }),
    });
    const cwd = folderWith({});
    mkdirSync(join(cwd, 'out'));
    writeFileSync(join(cwd, 'out', 'image-1.png'), 'mine');
    await runCli(['tools', 'call', 'draw', '-s', server.url, '--save', 'out/'], { cwd });
    expect(readFileSync(join(cwd, 'out', 'image-1.png'), 'utf8')).toBe('mine');
  });
});
