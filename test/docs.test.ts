import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('docs/resilience.md explains every error code, and none that does not exist', () => {
  const union =
    /type McpErrorCode =([^;]+);/.exec(readFileSync('packages/client-core/src/errors.ts', 'utf8'))?.[1] ?? '';
  const [, table = ''] = readFileSync('docs/resilience.md', 'utf8').split('## Every error code');
  const explained = [...table.matchAll(/^\| `(?<code>[a-z-]+)`/gm)].map(({ groups }) => groups?.['code']);
  const codes = [...union.matchAll(/'(?<code>[^']+)'/g)].map(({ groups }) => groups?.['code']);
  expect(codes.length).toBeGreaterThan(10);
  expect(new Set(explained)).toEqual(new Set(codes));
  expect(explained).toHaveLength(codes.length);
});
