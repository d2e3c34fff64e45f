import { expect, test } from 'vitest';
import { describeServer, maskText } from './masking.ts';

test('of a key and its passphrase no more is told than that they are there', () => {
  const tls = { ca: '-----BEGIN CERTIFICATE-----', key: 'pw', passphrase: 'pw' };
  expect(describeServer({ url: 'https://h/', tls, allowInsecureHttp: true })).toEqual({
    url: 'https://h/',
    headers: {},
    tls: { ca: '•••', key: '•••', passphrase: '•••' },
    allowInsecureHttp: true,
  });
  expect(maskText('"tls": { "key": "pw", "passphrase": "pw" }', [])).toBe(
    '"tls": { "key": "•••", "passphrase": "•••" }',
  );
});

test.each<[what: string, text: string, shown: string]>([
  ['a variable', '"env": { "A": "pw" }', '"env": { "A": "•••" }'],
  ['a header', '"headers": { "X": "Bearer pw" }', '"headers": { "X": "•••" }'],
  ['an argument', '"args": ["--token", "pw", "--x", "y"]', '"args": ["--token", "•••", "--x", "y"]'],
  ['an address', '"url": "http://u:pw@h/?k=pw"', '"url": "http://•••@h/?k=•••"'],
  ['a literal of TOML', "A = 'pw'", "A = '•••'"],
])('%s is hidden', (_what, text, shown) => {
  const entry = {
    env: { A: 'pw' },
    headers: { X: 'Bearer pw' },
    args: ['--token', 'pw', '--x', 'y'],
    url: 'http://u:pw@h/?k=pw',
  };
  expect(maskText(text, [entry])).toBe(shown);
});

test('a command that is an object has secrets too', () => {
  expect(maskText('"env": { "A": "pw" }', [{ command: { path: 'a', env: { A: 'pw' } } }])).toBe(
    '"env": { "A": "•••" }',
  );
});

test('a reference is no secret', () => {
  const text = '"env": { "A": "${TOKEN}", "B": "{env:TOKEN}", "C": "Bearer ${env:TOKEN}" }';
  expect(maskText(text, [{ env: { A: '${TOKEN}', B: '{env:TOKEN}', C: 'Bearer ${env:TOKEN}' } }])).toBe(text);
});

test('what looks like a secret is hidden in the rest of the file too; a name of a variable is not', () => {
  expect(maskText('"oauthToken": "pw", "apiKey":"pw"\nmy_secret = "pw"\nbearer_token_env_var = "TOKEN"', [])).toBe(
    '"oauthToken": "•••", "apiKey":"•••"\nmy_secret = "•••"\nbearer_token_env_var = "TOKEN"',
  );
});

test('a long line takes no long time', () => {
  const start = performance.now();
  maskText(`"x": "${'key'.repeat(200_000)}"`, []);
  expect(performance.now() - start).toBeLessThan(5_000);
});
