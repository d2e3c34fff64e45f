import { describe, expect, test } from 'vitest';
import { matchesAny, templateFit } from './hub-globs.ts';

describe('a pattern', () => {
  test.each([
    ['list_issues', 'list_issues', true],
    ['list_issues', 'list_issues_all', false],
    ['list_*', 'list_issues', true],
    ['list_*', 'list_', true],
    ['list_*', 'get_list_issues', false],
    ['*_issue', 'create_issue', true],
    ['*issue*', 'list_issues_of', true],
    ['github/*', 'github/admin/delete', true],
    ['*/delete_*', 'github/delete_repo', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*ab*ab', 'ab', false],
    ['*', '', true],
    ['', '', true],
    ['', 'x', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
  ])('%j on %j: %j', (pattern, text, fits) => {
    expect(matchesAny([pattern], text)).toBe(fits);
  });

  test('is one of many, and none fits nothing', () => {
    expect(matchesAny(['get_*', 'list_*'], 'list_issues')).toBe(true);
    expect(matchesAny([], 'list_issues')).toBe(false);
  });

  test('of many stars takes no time on a long text', () => {
    expect(matchesAny(['*a'.repeat(1000)], `${'a'.repeat(100_000)}b`)).toBe(false);
  });
});

describe('a template', () => {
  test.each([
    ['file:///{path}', 'file:///notes/today.md', true],
    ['file:///{path}', 'http://notes/today.md', false],
    ['db://{table}/rows/{id}', 'db://users/rows/7', true],
    ['db://{table}/rows/{id}', 'db://users/columns/7', false],
    ['search://items{?query,page}', 'search://items?query=a', true],
    ['config://settings', 'config://settings', true],
  ])('%s fits %s: %j', (template, uri, fits) => {
    expect(templateFit(template, uri) > 0).toBe(fits);
  });

  test('that says more of a URI fits it better', () => {
    const uri = 'db://users/rows/7';
    const fits = ['{+any}', 'db://{+path}', 'db://{table}/rows/{id}', uri].map((template) =>
      templateFit(template, uri),
    );
    expect(fits).toEqual(fits.toSorted((a, b) => a - b));
    expect(fits[0]).toBeGreaterThan(0);
  });
});
