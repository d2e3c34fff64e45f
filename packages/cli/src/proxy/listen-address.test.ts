import { describe, expect, test } from 'vitest';
import { parseProxyLine } from './flags.ts';
import { readListenAddress } from './listen-address.ts';

const read = (...argv: string[]): ReturnType<typeof readListenAddress> =>
  readListenAddress(parseProxyLine(argv), { TOKEN: 'from-env' });

test('is nothing for a host on stdin and stdout', () => {
  expect(read('http://localhost/mcp')).toBeUndefined();
});

test.each([
  ['http://127.0.0.1:8080', { scheme: 'http', address: '127.0.0.1', port: 8080 }],
  ['8080', { scheme: 'http', address: '127.0.0.1', port: 8080 }],
  ['ws://localhost:0', { scheme: 'ws', address: '127.0.0.1', port: 0 }],
  ['http://[::1]:8080/', { scheme: 'http', address: '::1', port: 8080 }],
])('reads %s', (listen, expected) => {
  expect(read('--listen', listen)).toMatchObject(expected);
});

test('makes up a token of 192 bits, another each time', () => {
  const [first, second] = [read('--listen', '1'), read('--listen', '1')];
  expect(first?.madeToken).toMatch(/^[\w-]{32}$/);
  expect(first?.guard.tokens).toEqual([first?.madeToken]);
  expect(second?.madeToken).not.toBe(first?.madeToken);
});

test('takes the tokens that are given, from the environment too', () => {
  expect(read('--listen', '1', '--token', 'a', '--token', '${TOKEN}')).toMatchObject({
    madeToken: undefined,
    guard: { tokens: ['a', 'from-env'] },
  });
  expect(read('--listen', '1', '--no-token')?.guard.tokens).toEqual([]);
});

test('answers to the names of this machine, to the address and to what is allowed', () => {
  const argv = ['--listen', 'http://0.0.0.0:1', '--host', '0.0.0.0', '--allow-host', 'box.lan'];
  expect(read(...argv)?.guard.hosts).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '[::1]', 'box.lan']));
  expect(read('--listen', '1', '--allow-origin', 'https://app.example/')?.guard.origins).toEqual([
    'https://app.example',
  ]);
});

describe('refuses', () => {
  test.each([
    [['--listen', 'http://0.0.0.0:1'], /0\.0\.0\.0 can be reached from other machines/],
    [['--listen', 'http://192.168.0.1:1'], /other machines/],
    [['--listen', 'http://[::]:1'], /other machines/],
    [['--listen', 'http://127.0.0.1:1', '--host', '0.0.0.0', '--no-token'], /Without a token/],
    [['--listen', '1', '--token', 'a', '--no-token'], /exclude/],
    [['--listen', '1', '--token', '${MISSING}'], /MISSING/],
    [['--listen', 'https://127.0.0.1:1'], /--listen wants/],
    [['--listen', 'http://127.0.0.1:1/mcp'], /--listen wants/],
    [['--listen', 'http://user@127.0.0.1:1'], /--listen wants/],
    [['--listen', 'x'], /--listen wants/],
    [['--listen', '1', '--allow-origin', '*'], /--allow-origin/],
    [['--listen', '1', '--allow-origin', 'null'], /--allow-origin/],
    [['--allow-origin', 'https://app.example'], /is for --listen/],
  ])('%j', (argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });
});
