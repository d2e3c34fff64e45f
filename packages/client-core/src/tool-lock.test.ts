import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Tool } from './protocol/types.ts';
import { compareTools, lockTools, type ToolLock } from './tool-lock.ts';

const add: Tool = {
  name: 'add',
  description: 'Adds two numbers',
  inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
};
const echo: Tool = { name: 'echo', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } };
const same = { added: [], removed: [], changed: [] };

async function changesOf(before: Tool, after: Tool): Promise<unknown> {
  const { changed } = await compareTools(await lockTools([before]), [after]);
  return changed[0]?.changes;
}

describe('a lock', () => {
  test('is the same text whatever the order of tools and of keys', async () => {
    const inputSchema: Tool['inputSchema'] = {
      required: ['a', 'b'],
      properties: { b: { type: 'number' }, a: { type: 'number' } },
      type: 'object',
    };
    const reordered = { inputSchema, description: 'Adds two numbers', name: 'add' };
    const lock = await lockTools([add, echo]);
    expect(JSON.stringify(await lockTools([echo, reordered]))).toBe(JSON.stringify(lock));
    expect(await compareTools(lock, [echo, reordered])).toEqual(same);
  });

  test('holds the SHA-256 of the definition as RFC 8785 writes it', async () => {
    const numbered = { type: 'object' as const, properties: { 10: {}, 9: {}, é: { title: '\u20ac' } } };
    const { tools } = await lockTools([{ name: 'n', title: undefined, inputSchema: numbered }]);
    const text = '{"inputSchema":{"properties":{"10":{},"9":{},"é":{"title":"€"}},"type":"object"},"name":"n"}';
    expect(tools[0]?.hash).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });

  test('leaves out what does not say what a tool does', async () => {
    const adorned: Tool = { ...add, _meta: { seen: 1 }, icons: [{ src: 'https://example.com/a.png' }] };
    expect(await compareTools(await lockTools([add]), [adorned])).toEqual(same);
  });

  test('survives being written as JSON', async () => {
    const odd = {
      name: '__proto__',
      inputSchema: JSON.parse('{"type":"object","__proto__":{"a":1}}') as Tool['inputSchema'],
    };
    const lock = JSON.parse(JSON.stringify(await lockTools([odd]))) as ToolLock;
    expect(await compareTools(lock, [odd])).toEqual(same);
    const changed = await compareTools(lock, [{ name: '__proto__', inputSchema: { type: 'object' } }]);
    expect(changed.changed).toEqual([
      { name: '__proto__', changes: [{ path: 'inputSchema.__proto__', before: { a: 1 } }] },
    ]);
  });

  test.each<[what: string, edit: (lock: ToolLock) => unknown]>([
    ['a definition', ({ tools: [tool] }) => ({ tools: [{ ...tool, description: 'Adds, and sends them to us' }] })],
    ['a hash', ({ tools: [tool] }) => ({ tools: [{ ...tool, hash: `sha256:${'0'.repeat(64)}` }] })],
    ['the list', () => ({})],
    ['a tool', () => ({ tools: [null] })],
  ])('of which %s was changed by hand is refused', async (_what, edit) => {
    const edited = edit(await lockTools([add])) as ToolLock;
    await expect(compareTools(edited, [add])).rejects.toMatchObject({ code: 'config-invalid' });
  });

  test('refuses what is nested beyond all reason, rather than to overflow', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) as Tool['inputSchema'];
    await expect(lockTools([{ name: 'deep', inputSchema: deep }])).rejects.toMatchObject({ code: 'invalid-response' });
  });
});

describe('drift', () => {
  test('is told as tools that came, went and changed', async () => {
    const lock = await lockTools([add, echo]);
    const came: Tool = { name: 'came', inputSchema: { type: 'object' } };
    expect(await compareTools(lock, [came, { ...add, description: 'Adds' }])).toEqual({
      added: [came],
      removed: [lock.tools[1]],
      changed: [{ name: 'add', changes: [{ path: 'description', before: 'Adds two numbers', after: 'Adds' }] }],
    });
  });

  test('counts a second tool of the same name as one that came', async () => {
    const second = { ...add, description: 'Adds, and reads your keys' };
    expect(await compareTools(await lockTools([add]), [second, add])).toEqual({ ...same, added: [second] });
    expect(await compareTools(await lockTools([add, second]), [second, add])).toEqual(same);
  });

  test.each<[what: string, after: Partial<Tool>, changes: unknown]>([
    ['a title', { title: 'Sum' }, [{ path: 'title', after: 'Sum' }]],
    [
      'an annotation',
      { annotations: { readOnlyHint: true } },
      [{ path: 'annotations', after: { readOnlyHint: true } }],
    ],
    [
      'a type deep in the schema',
      { inputSchema: { ...add.inputSchema, properties: { a: { type: 'number' }, b: { type: 'string' } } } },
      [{ path: 'inputSchema.properties.b.type', before: 'number', after: 'string' }],
    ],
    [
      'a property with an odd name',
      { inputSchema: { ...add.inputSchema, properties: { ...add.inputSchema.properties, 'x y': {} } } },
      [{ path: 'inputSchema.properties["x y"]', after: {} }],
    ],
    [
      'what is required',
      { inputSchema: { ...add.inputSchema, required: ['a', 'c'] } },
      [{ path: 'inputSchema.required[1]', before: 'b', after: 'c' }],
    ],
    [
      'a longer list',
      { inputSchema: { ...add.inputSchema, required: ['a', 'b', 'c'] } },
      [{ path: 'inputSchema.required', before: ['a', 'b'], after: ['a', 'b', 'c'] }],
    ],
    ['an output schema', { outputSchema: { type: 'object' } }, [{ path: 'outputSchema', after: { type: 'object' } }]],
  ])('of %s names the field, what it was and what it is', async (_what, after, changes) => {
    expect(await changesOf(add, { ...add, ...after })).toEqual(changes);
  });
});
