import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realEntry } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';

const servers = { few: fixtureEntry(), full: realEntry('v1') };

/** Runs tests of these servers, as a file says them. */
function runTests(tests: readonly object[], ...argv: readonly string[]): Promise<Outcome> {
  return runCli(['test', 'a.yaml', ...argv], { cwd: folderWith({ 'a.yaml': { servers, tests } }) });
}

const echo = { server: 'few', tool: 'echo', arguments: { message: 'green\ntea' } };

describe('an expectation that holds', () => {
  test.each<[what: string, test: object]>([
    ['the text', { ...echo, expect: { text: 'green\ntea' } }],
    ['a part of the text', { ...echo, expect: { text: { contains: ['green', 'tea'], matches: String.raw`^\w+\n` } } }],
    ['a value by its path', { server: 'few', tool: 'structured', expect: { structured: { answer: 42 } } }],
    [
      'values in a text that is JSON',
      {
        server: 'few',
        tool: 'get_user',
        arguments: { user_id: 7, tags: ['a'] },
        expect: { structured: { 'tags[*]': { contains: 'a' }, '.': { user_id: 7, tags: ['a'] } } },
      },
    ],
    ['a schema', { server: 'full', tool: 'add', arguments: { a: 1, b: 2 }, expect: { schema: { required: ['sum'] } } }],
    ['an error of the tool', { server: 'few', tool: 'fail', expect: { isError: true, text: 'it did not work' } }],
    ['a number of JSON-RPC', { server: 'few', tool: 'refuse', expect: { error: -32602 } }],
    [
      'a code, and a message',
      { server: 'few', tool: 'refuse', expect: { error: { code: 'protocol-error', message: { contains: 'wrong' } } } },
    ],
    ['another request', { server: 'full', method: 'tools/list', expect: { structured: { 'tools[0].name': 'echo' } } }],
    ['a time', { ...echo, expect: { within: '10s' } }],
    ['nothing but an answer', echo],
  ])('%s passes', async (_what, one) => {
    const { exitCode, stdout, stderr } = await runTests([one]);
    expect({ exitCode, stderr, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      exitCode: 0,
      stderr: '',
      last: '1 passed, 0 failed, 0 skipped',
    });
  });
});

describe('an expectation that does not hold', () => {
  test.each<[what: string, test: object, says: string]>([
    [
      'the text',
      { ...echo, expect: { text: 'green\nmilk' } },
      '             green\n           - milk\n           + tea\n',
    ],
    ['a part', { ...echo, expect: { text: { contains: 'milk' } } }, String.raw`text: "milk" is not in "green\ntea"`],
    [
      'a value',
      { server: 'few', tool: 'structured', expect: { structured: { answer: 43 } } },
      'structured: answer: expected 43, got 42',
    ],
    ['a value of no JSON', { ...echo, expect: { structured: { answer: 43 } } }, 'answer: expected 43, got nothing'],
    [
      'a schema',
      { server: 'few', tool: 'structured', expect: { schema: { required: ['x'] } } },
      'schema: x is required',
    ],
    ['no error of the tool', { server: 'few', tool: 'fail' }, 'isError: the tool reports an error: it did not work'],
    ['an error of the tool', { ...echo, expect: { isError: true } }, 'isError: the tool reports no error'],
    ['no failure', { server: 'few', tool: 'refuse' }, 'error: the call failed: '],
    ['a failure', { ...echo, expect: { error: -32602 } }, 'error: the call did not fail: green'],
    [
      'another failure',
      { server: 'few', tool: 'refuse', expect: { error: 'timeout' } },
      'expected the code timeout, got -32602, protocol-error',
    ],
    ['a server that dies', { server: 'few', tool: 'die' }, 'error: the call failed: The server'],
    [
      'a time',
      { server: 'full', tool: 'slow', arguments: { label: 'it', steps: 2, stepMs: 30 }, expect: { within: 20 } },
      'ms, and not 20 at most',
    ],
  ])('%s fails, with 1 and what is wrong', async (_what, one, says) => {
    const { exitCode, stdout } = await runTests([one]);
    expect(stdout).toContain(says);
    expect(stdout).toMatch(/\n {2}FAILED {3}/);
    expect(stdout).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
    expect(exitCode).toBe(1);
  });
});

test('tests of one file share a connection, in their order; other files and skipped tests are told', async () => {
  const first = { server: 'full', tool: 'slow', arguments: { label: 'here', steps: 1, stepMs: 1 } };
  const then = { server: 'full', tool: 'seen', expect: { text: { contains: 'here' } } };
  const cwd = folderWith({
    'a.yaml': { servers, tests: [first, then] },
    'b.json': { tests: [{ name: 'later', tool: 'echo', skip: 'not yet' }] },
  });
  const { exitCode, stdout } = await runCli(['test', 'a.yaml', 'b.json'], { cwd });
  expect(stdout).toMatch(
    /^a\.yaml\n {2}ok .+\n {2}ok .+\nb\.json\n {2}skipped {2}later\n2 passed, 0 failed, 1 skipped\n$/,
  );
  expect(exitCode).toBe(0);
});

test('the server may come from the command line, or from the configuration', async () => {
  const { command, args } = fixtureEntry();
  const file = { tests: [{ tool: 'echo', arguments: { message: 'x' }, expect: { text: 'x' } }] };
  const cwd = folderWith({ 'a.yaml': file, 'servers.json': { mcpServers: { few: fixtureEntry() } } });
  for (const argv of [
    ['--', command, ...args],
    ['-s', './servers.json#few'],
    ['--config', 'servers.json'],
  ]) {
    expect(await runCli(['test', 'a.yaml', ...argv], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  }
});

test('a server that cannot be connected to fails each of its tests at once', async () => {
  const silent = { silent: fixtureEntry('silent') };
  const tests = Array.from({ length: 10 }, () => ({ tool: 'echo' }));
  const cwd = folderWith({ 'a.yaml': { servers: silent, tests } });
  const began = performance.now();
  const { exitCode, stdout } = await runCli(['test', 'a.yaml', '--timeout', '1s'], { cwd });
  expect(performance.now() - began).toBeLessThan(8_000);
  expect(stdout).toMatch(/\n0 passed, 10 failed, 0 skipped\n$/);
  expect(exitCode).toBe(1);
});

test('the server of the command line is tested in place of the file’s, unless a test names that', async () => {
  const dead = { dead: fixtureEntry('dies') };
  const { command, args } = fixtureEntry();
  const argv = ['test', 'a.yaml', '--', command, ...args];
  const cwd = folderWith({ 'a.yaml': { servers: dead, tests: [{ ...echo, server: undefined }] } });
  expect(await runCli(argv, { cwd })).toMatchObject({ exitCode: 0 });
  const named = folderWith({ 'a.yaml': { servers: dead, tests: [{ ...echo, server: 'dead' }] } });
  expect(await runCli(argv, { cwd: named })).toMatchObject({ exitCode: 1 });
});

test('paths of servers start from the folder of the file', async () => {
  const cwd = folderWith({
    'tests/a.yaml': {
      servers: { it: fixtureEntry() },
      tests: [{ tool: 'where', expect: { text: { matches: '/tests$' } } }],
    },
  });
  expect(await runCli(['test', 'tests/a.yaml'], { cwd })).toMatchObject({ exitCode: 0 });
});

test('--filter runs the tests with this in their names', async () => {
  const { stdout } = await runTests(
    [
      { ...echo, name: 'Green tea' },
      { ...echo, name: 'milk' },
    ],
    '--filter',
    'green',
  );
  expect(stdout).toMatch(/Green tea[^]*\n1 passed, 0 failed, 0 skipped\n$/);
  expect(await runTests([echo], '--filter', 'coffee')).toMatchObject({ exitCode: 1, stdout: '' });
});

test('--json is the whole report', async () => {
  const { stdout } = await runTests([{ ...echo, name: 'n', expect: { text: 'x' } }], '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    passed: 0,
    failed: 1,
    files: [
      { file: 'a.yaml', tests: [{ name: 'n', outcome: 'failed', problems: [{ expectation: 'text', expected: 'x' }] }] },
    ],
  });
});

test('--junit writes a report, replaces an earlier one, and no other file unless it is told to', async () => {
  const cwd = folderWith({ 'a.yaml': { servers, tests: [{ ...echo, name: 'tea' }] }, 'mine.xml': '<mine/>' });
  const read = (file: string): string => readFileSync(join(cwd, file), 'utf8');
  for (let times = 2; times > 0; times--) {
    expect(await runCli(['test', 'a.yaml', '--junit', 'report.xml'], { cwd })).toMatchObject({ exitCode: 0 });
  }
  expect(read('report.xml')).toContain('<testcase name="tea" classname="a.yaml"');
  const refused = await runCli(['test', 'a.yaml', '--junit', 'mine.xml'], { cwd });
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect([refused.stderr, read('mine.xml')]).toEqual([expect.stringContaining('--force'), '<mine/>']);
  await runCli(['test', 'a.yaml', '--junit', 'mine.xml', '--force'], { cwd });
  expect(read('mine.xml')).toContain('<testcase');
  expect(await runCli(['test', 'a.yaml', '--junit', 'none/report.xml'], { cwd })).toMatchObject({ exitCode: 3 });
});

test.each<[what: string, content: unknown, says: string]>([
  ['an unknown word', { tests: [{ ...echo, expects: {} }] }, 'expects is not a known property'],
  ['neither tool nor method', { tests: [{ server: 'few' }] }, 'tests[0]'],
  ['a path that is none', { tests: [{ ...echo, expect: { structured: { 'a[': 1 } } }] }, 'tests[0].expect'],
  [
    'a pattern that is none',
    { tests: [{ ...echo, expect: { text: { matches: '(' } } }] },
    'Invalid regular expression',
  ],
  ['a time that is none', { tests: [{ ...echo, expect: { within: 'soon' } }] }, 'within'],
  ['broken YAML', 'tests: [', 'a.yaml'],
  ['no tests', { tests: [] }, 'tests'],
  ['an unknown server', { tests: [{ ...echo, server: 'none' }], servers }, 'none'],
  ['no server where there are several', { tests: [{ tool: 'echo' }], servers }, 'There are: few, full'],
  ['a wrong server', { servers: { few: { command: 7 } }, tests: [echo] }, 'servers.few.command'],
])('%s stops everything before the first test', async (_what, content, says) => {
  const cwd = folderWith({ 'good.yaml': { servers, tests: [echo] }, 'a.yaml': content });
  const { exitCode, stdout, stderr } = await runCli(['test', 'good.yaml', 'a.yaml'], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(says);
});

test('an alias bomb is refused', async () => {
  const cwd = folderWith({});
  const levels = Array.from(
    { length: 12 },
    (_, index) => `l${index + 1}: &l${index + 1} [${Array.from({ length: 9 }, () => `*l${index}`).join(',')}]`,
  );
  writeFileSync(join(cwd, 'a.yaml'), ['l0: &l0 x', ...levels, 'tests: *l12'].join('\n'));
  expect(await runCli(['test', 'a.yaml'], { cwd })).toMatchObject({ exitCode: 2, stdout: '' });
});
