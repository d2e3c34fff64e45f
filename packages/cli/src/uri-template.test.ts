import { expect, test } from 'vitest';
import { matchesTemplate } from './uri-template.ts';

test.each<[template: string, uri: string, fits: boolean]>([
  ['file:///{path}', 'file:///a/b', true],
  ['file:///{path}', 'files:///a', false],
  ['db://{table}/rows/{id}', 'db://users/rows/7', true],
  ['db://{table}/rows/{id}', 'db://users/row/7', false],
  ['db://{table}/schema', 'db://a/schema/schema', true],
  ['db://{table}/schema', 'db://a/schema/x', false],
  ['config://all', 'config://all', true],
  ['config://all', 'config://al', false],
])('%s and %s: %s', (template, uri, fits) => {
  expect(matchesTemplate(template, uri)).toBe(fits);
});
