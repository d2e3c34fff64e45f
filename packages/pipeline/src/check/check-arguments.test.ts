import { findSchemaViolation } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { checkArguments } from './check-arguments.ts';

const schema = {
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 3 },
    count: { type: 'integer' },
    fields: {
      type: 'object',
      properties: { labels: { type: 'array' }, kind: { enum: ['Bug', 'Task'] } },
      required: ['labels'],
    },
  },
  required: ['title', 'count'],
  anyOf: [{ required: ['title'] }, { required: ['other'] }],
};

test.each<[string, Record<string, unknown>, string[]]>([
  ['arguments that fit', { title: 'long', count: 1 }, []],
  ['open ones, whatever they become', { title: '${{ item.title }}', count: '${{ item.count }}' }, []],
  ['open ones inside', { title: 'long', count: 1, fields: { labels: ['gh-${{ key }}'], kind: 'Task' } }, []],
  ['a wrong type', { title: 'long', count: 'one' }, ['count']],
  ['one that is missing beside open ones', { title: '${{ item.title }}' }, ['count']],
  ['a wrong one beside an open one', { title: '${{ item.title }}', count: 'one' }, ['count']],
  [
    'a wrong one inside, beside an open one',
    { title: 'long', count: 1, fields: { labels: '${{ x }}', kind: 'Story' } },
    ['fields'],
  ],
  ['a text that is too short', { title: 'a', count: 1 }, ['title']],
])('finds what is wrong in %s', (_what, args, wrong) => {
  const errors = checkArguments(schema, args, findSchemaViolation).filter(({ severity }) => severity === 'error');
  expect(errors.map(({ path }) => path.join('.'))).toEqual(wrong);
});

test('warns of a name that the tool does not know, unless it takes any', () => {
  const args = { title: 'long', count: 1, tilte: 'slip' };
  expect(checkArguments(schema, args, findSchemaViolation)).toEqual([
    { severity: 'warning', path: ['tilte'], message: expect.stringContaining('it takes title, count, fields') },
  ]);
  expect(checkArguments({ ...schema, additionalProperties: true }, args, findSchemaViolation)).toEqual([]);
});
