import { expect, test } from 'vitest';
import { shownServer } from './shown-server.ts';

test.each<[what: string, args: readonly string[], shown: string]>([
  ['the value of a flag that is named like one', ['--token', 'pw', '--x', 'y'], '--token ••• --x y'],
  ['whatever it looks like', ['--api-key', 'a=b', '--secret', 'https://h/'], '--api-key ••• --secret •••'],
  ['a value with its name', ['--token=pw', 'conf/API_KEY=pw', 'a=b'], '--token=••• conf/API_KEY=••• a=b'],
  [
    'a part of an address',
    ['https://u:pw@h/a?k=pw', '--db=postgres://u:pw@h/a'],
    'https://•••@h/a?k=••• --db=postgres://•••@h/a',
  ],
])('of a command is hidden: %s', (_what, args, shown) => {
  expect(shownServer({ command: 'server', args })).toBe(`server ${shown}`);
});

test('of an address are hidden: user, password, and what the query says', () => {
  expect(shownServer({ url: 'https://u:pw@h/mcp?key=pw&key=pw2&x=1#pw' })).toBe('https://•••@h/mcp?key=•••&x=•••');
});
