import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const docs = readFileSync('docs/webhooks.md', 'utf8');
const sources = 'packages/webhooks/src';

/** The members of a union of strings in a source file. */
function unionIn(file: string, name: string): string[] {
  const [, body = ''] = new RegExp(`type ${name} =([^;]+);`).exec(readFileSync(`${sources}/${file}`, 'utf8')) ?? [];
  return [...body.replaceAll(/\/\*\*.*?\*\/|\/\/.*/g, '').matchAll(/'([^']+)'/g)].map(([, member = '']) => member);
}

/** What the first column of the table below a line names. */
function tableBelow(line: string): string[] {
  const [, rest = ''] = docs.split(line);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(rest) ?? [];
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
}

test('docs/webhooks.md explains every error code', () => {
  const codes = unionIn('errors.ts', 'WebhookErrorCode');
  expect(codes.length).toBeGreaterThan(10);
  expect(tableBelow('## Errors').toSorted()).toEqual(codes.toSorted());
});

test('docs/webhooks.md explains every reason why an event is not delivered', () => {
  const reasons = [
    ...unionIn('sender/dead-letters.ts', 'DropReason'),
    ...unionIn('sender/sender-types.ts', 'UnsendableReason'),
  ];
  expect(reasons.length).toBeGreaterThan(5);
  expect(tableBelow('and `onDropped` hears of it').toSorted()).toEqual(reasons.toSorted());
});
