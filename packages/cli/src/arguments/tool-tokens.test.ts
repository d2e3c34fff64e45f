import { describe, expect, test } from 'vitest';
import { guessOwnFlags, readToolTokens } from './tool-tokens.ts';

const schema = {
  type: 'object',
  properties: {
    sql: { type: 'string' },
    user_id: { type: 'integer' },
    maxItems: { type: 'integer' },
    dryRun: { type: 'boolean' },
    timeout: { type: 'string' },
    'dotted.name': { type: 'string' },
    filter: { type: 'object', properties: { year: { type: 'integer' }, deep: { type: 'object' } } },
    twice_it: { type: 'string' },
    twiceIt: { type: 'string' },
    maybe: { type: ['boolean', 'string'] },
  },
};
const open = { type: 'object', properties: { known: { type: 'string' } }, additionalProperties: true };

function entriesOf(tokens: readonly string[], of: unknown = schema): unknown {
  return readToolTokens(tokens, of).entries.map(({ path, source }) => [path.join('/'), source]);
}

const text = (value: string): unknown => ({ kind: 'text', text: value });
const on = { kind: 'switch', value: true };
const off = { kind: 'switch', value: false };

describe("a tool's arguments", () => {
  test.each<[tokens: string[], expected: unknown]>([
    [['--sql', 'SELECT 1'], [['sql', text('SELECT 1')]]],
    [['--sql=SELECT a=b'], [['sql', text('SELECT a=b')]]],
    [['--sql', '-- a comment\nSELECT 1'], [['sql', text('-- a comment\nSELECT 1')]]],
    [['--sql', '- item'], [['sql', text('- item')]]],
    [['--sql', ''], [['sql', text('')]]],
    [['--sql='], [['sql', text('')]]],
    [['--user_id', '-5'], [['user_id', text('-5')]]],
    [['--user-id', '5'], [['user_id', text('5')]]],
    [['--userId', '5'], [['user_id', text('5')]]],
    [['--max-items', '5'], [['maxItems', text('5')]]],
    [['--dryRun'], [['dryRun', on]]],
    [['--dry-run'], [['dryRun', on]]],
    [['--no-dry-run'], [['dryRun', off]]],
    [['--no-dryRun'], [['dryRun', off]]],
    [['--dryRun=false'], [['dryRun', text('false')]]],
    [['--dryRun', 'false'], [['dryRun', text('false')]]],
    [
      ['--dryRun', 'sql=x'],
      [
        ['dryRun', on],
        ['sql', text('x')],
      ],
    ],
    [['--maybe', 'x'], [['maybe', text('x')]]],
    [
      ['--maybe', '--sql', 'x'],
      [
        ['maybe', on],
        ['sql', text('x')],
      ],
    ],
    [['--filter.year', '2026'], [['filter/year', text('2026')]]],
    [['filter.year=2026'], [['filter/year', text('2026')]]],
    [['--filter.deep.er', '1'], [['filter/deep/er', text('1')]]],
    [['--dotted.name', 'x'], [['dotted.name', text('x')]]],
    [['sql=SELECT 1'], [['sql', text('SELECT 1')]]],
    [['sql=http://x/?a:=b'], [['sql', text('http://x/?a:=b')]]],
    [['filter:={"year":1}'], [['filter', { kind: 'json', text: '{"year":1}' }]]],
    [['sql=@query.sql'], [['sql', { kind: 'text-file', text: 'query.sql' }]]],
    [['filter:=@filter.json'], [['filter', { kind: 'json-file', text: 'filter.json' }]]],
    [['--sql', '@octocat'], [['sql', text('@octocat')]]],
    [['user-id=5'], [['user_id', text('5')]]],
    [['--twice_it', 'x'], [['twice_it', text('x')]]],
  ])('%j', (tokens, expected) => {
    expect(entriesOf(tokens)).toEqual(expected);
  });

  test('may have any name, as key=value, where the schema says so', () => {
    expect(entriesOf(['other=1'], open)).toEqual([['other', text('1')]]);
    expect(entriesOf(['__proto__=1'], open)).toEqual([['__proto__', text('1')]]);
    expect(entriesOf(['any=1'], { type: 'object' })).toEqual([['any', text('1')]]);
  });

  test('are found in the branches of a schema', () => {
    const union = {
      oneOf: [{ properties: { action: { const: 'make' } } }, { properties: { action: { const: 'drop' } } }],
    };
    expect(entriesOf(['--action', 'drop'], union)).toEqual([['action', text('drop')]]);
  });
});

describe('flags after the name', () => {
  test("are the tool's first and ours second", () => {
    const { entries, flags } = readToolTokens(['--timeout', '5', '--json', '-s', 'demo'], schema);
    expect(entries.map(({ path }) => path[0])).toEqual(['timeout']);
    expect(flags.map(({ name, value }) => [name, value])).toEqual([
      ['json', undefined],
      ['server', 'demo'],
    ]);
  });

  test('are guessed to be ours until the schema is known, values left alone', () => {
    const guessed = guessOwnFlags(['--text', 'x', '--json', '--timeout', '5', 'config=a', '-s', 'demo']);
    expect(guessed.map(({ name, value }) => [name, value])).toEqual([
      ['json', undefined],
      ['timeout', '5'],
      ['server', 'demo'],
    ]);
  });
});

describe('what is neither is refused', () => {
  test.each<[tokens: string[], of: unknown, message: string, hint: string | undefined]>([
    [['--sqll', 'x'], schema, 'Unknown flag --sqll', 'Did you mean "--sql"?'],
    [['--jsno'], schema, 'Unknown flag --jsno', 'Did you mean "--json"?'],
    [['-x'], schema, 'Unknown flag -x', undefined],
    [['--other', '1'], open, 'Unknown flag --other', 'This tool takes any name as other=value'],
    [['sqll=x'], schema, 'This tool has no argument "sqll"', 'Did you mean "sql"?'],
    [['hello'], schema, 'Unexpected word "hello"', 'Arguments are written --key value or key=value'],
    [['--sql'], schema, '--sql needs a value', 'A value that starts with -- is joined: --sql=--value'],
    [['--sql', '--json'], schema, '--sql needs a value', 'A value that starts with -- is joined: --sql=--value'],
    [['--no-sql'], schema, 'Unknown flag --no-sql', undefined],
    [['--twice-it', 'x'], schema, '--twice-it could mean twice_it or twiceIt: write the one you mean', undefined],
    [['--no-dryRun=1'], schema, '--no-dryRun takes no value', undefined],
    [['--sql.inner', 'x'], schema, 'Unknown flag --sql.inner', undefined],
  ])('%j', (tokens, of, message, hint) => {
    expect(() => readToolTokens(tokens, of)).toThrow(expect.objectContaining({ code: 'usage', message, hint }));
  });
});
