import { expect, test } from 'vitest';
import { headersOf, secretsOf, type GatewayAuth } from './authentication.ts';

test.each<[GatewayAuth, Record<string, string>, string[]]>([
  [{ type: 'none' }, {}, []],
  [{ type: 'bearer', token: 'the-token' }, { authorization: 'Bearer the-token' }, ['the-token']],
  [{ type: 'bearer', token: async () => 'fresh' }, { authorization: 'Bearer fresh' }, []],
  [
    { type: 'basic', username: 'ada', password: 'pässword' },
    { authorization: 'Basic YWRhOnDDpHNzd29yZA==' },
    ['pässword', 'YWRhOnDDpHNzd29yZA=='],
  ],
  [{ type: 'api_key', value: 'the-key' }, { 'x-api-key': 'the-key' }, ['the-key']],
  [{ type: 'api_key', value: 'the-key', header: 'X-Own' }, { 'x-own': 'the-key' }, ['the-key']],
  [
    { type: 'headers', headers: { 'X-One': 'first', 'X-Two': 'second' } },
    { 'x-one': 'first', 'x-two': 'second' },
    ['first', 'second'],
  ],
])('%o becomes headers, and its secrets are known', async (auth, headers, secrets) => {
  expect(await headersOf(auth)).toEqual(headers);
  expect(secretsOf(auth)).toEqual(secrets);
});

test('a kind that is not known is refused, also where types do not see it', async () => {
  const auth = { type: 'magic', token: 'CANARY' } as never;
  await expect(headersOf(auth)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.not.stringContaining('CANARY') as string,
  });
});
