import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../test-fixtures/run-cli.ts';
import { describeChange, makeChange, planChange, type ServerFile } from './file-change.ts';

const entry = { command: 'a', env: { TOKEN: 's3cret' } };

function fileWith(text: string, format: ServerFile['format'] = 'json'): ServerFile {
  const folder = folderWith({ file: text });
  return { file: join(folder, 'file'), shown: 'file', path: ['servers'], format };
}

const text = ({ file }: ServerFile): string => readFileSync(file, 'utf8');
const plan = (at: ServerFile, name = 'a'): ReturnType<typeof planChange> => planChange(at, new Map([[name, entry]]));

test('a file that changed since it was looked at is left alone', async () => {
  const at = fileWith('{}');
  const change = await plan(at);
  writeFileSync(at.file, '{"other": 1}');
  await expect(makeChange(change, true)).rejects.toMatchObject({
    code: 'config-unsafe',
    message: 'file was changed meanwhile',
  });
  expect(text(at)).toBe('{"other": 1}');
  expect(readdirSync(join(at.file, '..'))).toEqual(['file']);
});

test('a file that came into being meanwhile is left alone', async () => {
  const at = { ...fileWith(''), shown: 'new' };
  const fresh = { ...at, file: `${at.file}.new` };
  const change = await plan(fresh);
  writeFileSync(fresh.file, '{"other": 1}');
  await expect(makeChange(change, false)).rejects.toMatchObject({ code: 'config-unsafe' });
});

test.skipIf(process.platform !== 'linux')('a folder that cannot be written to is told', async () => {
  const change = await plan({ ...fileWith(''), file: '/proc/nobody-can-write-here' });
  await expect(makeChange(change, true)).rejects.toMatchObject({
    code: 'save-failed',
    message: expect.stringMatching(/^Cannot write file: E/),
  });
});

describe('a change that would touch anything else is refused', () => {
  test.each<[what: string, before: string, format: ServerFile['format']]>([
    ['a name twice in JSON', '{"servers": {"a": 1, "a": 2}}', 'json'],
    ['the servers twice', '{"servers": {"a": 1}, "servers": {"b": 2}}', 'json'],
    ['servers that are a list', '{"servers": []}', 'json'],
    ['an inline table of TOML', 'servers = { a = { command = "old" } }', 'toml'],
    ['dotted keys of TOML', 'servers.a.command = "old"', 'toml'],
  ])('%s', async (_what, before, format) => {
    const at = fileWith(before, format);
    await expect(plan(at)).rejects.toMatchObject({
      code: 'config-unsafe',
      message: 'file cannot be changed without touching more than one server',
    });
    expect(text(at)).toBe(before);
  });
});

test('what is shown of a change has no secret, old or new', async () => {
  const at = fileWith('{\n  "servers": {\n    "b": { "command": "b", "headers": { "X": "s3cret-old" } }\n  }\n}\n');
  const shown = describeChange(await plan(at));
  expect(shown).toContain('+      "env": {\n+        "TOKEN": "•••"\n');
  expect(shown).toContain('"headers": { "X": "•••" }');
  expect(shown).not.toContain('s3cret');
});

test('the servers of before are known by name', async () => {
  expect((await plan(fileWith('{"servers": {"x": {}, "y": 5}}'))).names).toEqual(['x', 'y']);
});
