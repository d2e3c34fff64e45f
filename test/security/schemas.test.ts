import { connect, findSchemaViolation, type ClientOptions } from '@toolwire/client-core';
import { toOpenAITool } from '@toolwire/openai-bridge';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer } from '../servers/raw-http-server.ts';

/** How long `work` holds the event loop, in milliseconds: the best of three, since others use this machine too. */
function holds(work: () => void): number {
  const runs = [1, 2, 3].map(() => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...runs);
}

const evil = [
  '^(a+)+$',
  '^(a*)*$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '^(a|a?)+$',
  '^([a-zA-Z]+)*$',
  '^(.*a){20}$',
  '^(.*a){12}b$',
  '(x+x+)+y',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(?=(a+)+$)b',
  '^(?!(a+)+$)',
  '(?<=(a+)+)b',
  '^(?<x>a+)+\\k<x>$',
  '^(a+)\\1+$',
  '^(?:a{0,1000}){0,1000}$',
  '^(?:(?:a{0,99}){0,99}){0,99}$',
  '^a{100000}{100000}$',
  '^[\\s\\S]*[\\s\\S]*[\\s\\S]*[\\s\\S]*x$',
  '^a*a*a*a*a*a*b$',
  '^(?:a?){50}a{50}$',
  '^\\d*\\d*\\d*\\d*\\d*\\d*x$',
  '\\s*\\s*\\s*\\s*$x',
  '^(?:[^"\\\\]|\\\\.|[^"])*"$',
  '(?:a+){2,}$b',
  '^([a]+|[^b])*$',
  '(?i:(a+)+)$',
  '^((ab)*)*$',
  '^(a{1,}){1,}$',
  `^${'(a?)'.repeat(100)}${'a'.repeat(100)}$`,
  `^${'('.repeat(300)}a${')*'.repeat(300)}$`,
  `${'a|'.repeat(490)}b+b+b+c`,
  'a{2147483648}',
  '[',
  '(?<a>',
  '\\u{110000}',
];
const texts = [
  'a'.repeat(100_000),
  `${'a'.repeat(5000)}!`,
  '0'.repeat(50_000),
  ' '.repeat(50_000),
  `${'ab'.repeat(20_000)}c`,
];

describe('row 4', () => {
  test.each(evil)('row 4: the pattern %s holds nothing up', (pattern) => {
    for (const text of texts) {
      const held = holds(() => {
        findSchemaViolation({ type: 'string', pattern }, text);
        findSchemaViolation({ patternProperties: { [pattern]: false } }, { [text]: 1 });
        findSchemaViolation({ propertyNames: { pattern } }, { [text]: 1 });
      });
      expect(held).toBeLessThan(50);
    }
  });

  test('row 4: neither do many patterns, nor many values', () => {
    const properties = Object.fromEntries(evil.map((pattern, index) => [`p${index}`, { type: 'string', pattern }]));
    const value = Object.fromEntries(evil.map((_pattern, index) => [`p${index}`, 'a'.repeat(3000)]));
    expect(holds(() => findSchemaViolation({ properties }, value))).toBeLessThan(50);
    const list = Array.from({ length: 1000 }, () => 'a'.repeat(300));
    expect(holds(() => findSchemaViolation({ items: { pattern: '^[a-z]+[0-9]*$' } }, list))).toBeLessThan(50);
  });

  const items = Array.from({ length: 20_000 }, (_none, index) => ({ index, text: 'x'.repeat(50) }));
  const names = Array.from({ length: 2000 }, (_none, index) => `${'a'.repeat(30)}${index}`);
  const manyNames = Object.fromEntries(names.map((name) => [name, 1]));
  const dear = Object.fromEntries(names.slice(0, 900).map((_name, index) => [`^(?:a?){8}a{8}x${index}`, true]));

  test.each<[string, unknown, unknown]>([
    ['every item with a long list', { items: { enum: items } }, items.toReversed()],
    [
      'every item with a dear pattern',
      { items: { not: { pattern: '^(?:a?){10}a{10}$' } } },
      Array(20_000).fill('a'.repeat(40)),
    ],
    ['every name with many patterns', { patternProperties: dear, additionalProperties: false }, manyNames],
    [
      'every name with every other',
      { dependentRequired: Object.fromEntries(names.map((name) => [name, names])) },
      manyNames,
    ],
    ['items that must differ', { allOf: Array.from({ length: 100 }, () => ({ uniqueItems: true })) }, items],
  ])('row 4: a check that compares %s is given up in time', (_what, schema, value) => {
    expect(holds(() => findSchemaViolation(schema, value))).toBeLessThan(250);
  });

  test('row 4: patterns that take no time are still checked', () => {
    expect(findSchemaViolation({ pattern: '^[a-z]+$' }, 'abc')).toBeUndefined();
    expect(findSchemaViolation({ pattern: '^[a-z]+$' }, 'ABC')).toMatchObject({ expected: expect.any(String) });
    expect(findSchemaViolation({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }, '2026-13')).toBeDefined();
  });

  test('row 4: a call whose arguments and result are checked by such a schema comes back', async () => {
    const pattern = '^(a+)+$';
    const schema = { type: 'object', properties: { text: { type: 'string', pattern } } };
    const text = `${'a'.repeat(50_000)}!`;
    await using server = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [{ name: 'evil', inputSchema: schema, outputSchema: schema }] }),
      'tools/call': ({ result }) => result({ content: [], structuredContent: { text } }),
    });
    const options: ClientOptions = { protocolVersion: '2025-11-25', validateArguments: true };
    await using client = await connect(server.url, options);
    await client.listTools();
    let last = performance.now();
    let lag = 0;
    const ticking = setInterval(() => {
      const now = performance.now();
      lag = Math.max(lag, now - last);
      last = now;
    }, 1);
    const result = await client.callTool('evil', { text });
    clearInterval(ticking);
    expect(result.structured).toEqual({ text });
    expect(lag).toBeLessThan(2000); // Tried out, it would take longer than the universe; here others use the machine.
  });
});

describe('row 26', () => {
  test('row 26: a $ref to the network is never fetched, by a check, a call or a conversion', async () => {
    await using elsewhere = await startRawHttpServer({
      '*': ({ json }) => json({ type: 'string' }),
      GET: ({ json }) => json({ type: 'string' }),
    });
    const schema = {
      $schema: `${elsewhere.url}/dialect`,
      $id: `${elsewhere.url}/root`,
      type: 'object',
      properties: {
        a: { $ref: `${elsewhere.url}/schema.json` },
        b: { $dynamicRef: `${elsewhere.url}/schema.json#x` },
        c: { $ref: 'other.json' },
        d: { $ref: 'file:///etc/passwd' },
      },
    } as const;
    await using server = await startRawHttpServer({
      'tools/list': ({ result }) => result({ tools: [{ name: 'far', inputSchema: schema, outputSchema: schema }] }),
      'tools/call': ({ result }) => result({ content: [], structuredContent: { a: 1 } }),
    });
    await using client = await connect(server.url, { protocolVersion: '2025-11-25', validateArguments: true });
    const [tool] = await client.listTools();
    await client.callTool('far', { a: 1, b: 2, c: 3, d: 4 });
    expect(findSchemaViolation(schema, { a: 1 })).toBeUndefined();
    if (tool !== undefined) toOpenAITool(tool, { api: 'chat' });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['itself', { $ref: '#' }],
    ['each other', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }],
    [
      'ever more of each other',
      {
        $ref: '#/$defs/d0',
        $defs: Object.fromEntries(
          Array.from({ length: 60 }, (_none, index) => [
            `d${index}`,
            { anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
          ]),
        ),
      },
    ],
    [
      'a hundred thousand others',
      {
        $ref: '#/$defs/d0',
        $defs: Object.fromEntries(
          Array.from({ length: 100_000 }, (_none, index) => [`d${index}`, { $ref: `#/$defs/d${index + 1}` }]),
        ),
      },
    ],
  ])('row 26: schemas that refer to %s take bounded time', (_what, schema) => {
    expect(holds(() => findSchemaViolation(schema, { a: 1 }))).toBeLessThan(250);
  });
});
