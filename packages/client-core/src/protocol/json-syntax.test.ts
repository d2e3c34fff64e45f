import { expect, test } from 'vitest';
import { findJsonSyntaxError } from './json-syntax.ts';

test.each([
  '{}',
  '[]',
  ' {"a": [1, -2.5e+3, "x\\u00e4\\"", true, false, null, {}, []], "b": {"c": "d"}}\r\n\t',
  '"text"',
  '0',
  'null',
  '[[[]]]',
])('finds nothing wrong with %s', (text) => {
  expect(findJsonSyntaxError(text)).toBeUndefined();
});

test.each([
  ['', 1, 1, 'a value'],
  ['  \n ', 2, 2, 'a value'],
  ['{', 1, 2, 'a property name in double quotes or }'],
  ['{\n  "a": 1,\n}', 3, 1, 'a property name in double quotes, or no comma before }'],
  ['[1, 2, ]', 1, 8, 'a value, or no comma before ]'],
  ['{"a" 1}', 1, 6, 'a colon'],
  ['{"a": }', 1, 7, 'a value'],
  ['{"a": 1 "b": 2}', 1, 9, 'a comma or }'],
  ['[1 2]', 1, 4, 'a comma or ]'],
  ['[1}', 1, 3, 'a comma or ]'],
  ["{'a': 1}", 1, 2, 'a property name in double quotes or }'],
  ['{a: 1}', 1, 2, 'a property name in double quotes or }'],
  ['{"a": tru}', 1, 7, 'a value'],
  ['{"a": 01}', 1, 8, 'a comma or }'],
  ['{"a": "x\n"}', 1, 9, 'a closing double quote'],
  ['{"a": "x', 1, 9, 'a closing double quote'],
  ['{"a": "C:\\dir"}', 1, 10, 'a valid escape sequence'],
  ['{} {}', 1, 4, 'nothing more'],
  ['{} "a"', 1, 4, 'nothing more'],
  ['{"a": [', 1, 8, 'a value or ]'],
  ['{\r\n  // note\r\n}', 2, 3, 'a property name in double quotes or }, and no comment'],
  ['<html>', 1, 1, 'a value'],
])('finds where %j stops being JSON', (text, line, column, expected) => {
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  expect(findJsonSyntaxError(text)).toEqual({ line, column, expected });
});

test('agrees with the engine on every text that is cut or changed by one character', () => {
  const text = '{"a": [1, -2.5e3, "x\\n"], "b": {"c": null, "d": true}}';
  for (let index = 0; index < text.length; index += 1) {
    for (const inserted of ['', ',', '"', '}', ']', '{', ':', '1', '\\', '-']) {
      const changed = text.slice(0, index) + inserted + text.slice(index + 1);
      expect(findJsonSyntaxError(changed) === undefined, changed).toBe(isJson(changed));
      expect(findJsonSyntaxError(text.slice(0, index) + inserted) === undefined).toBe(
        isJson(text.slice(0, index) + inserted),
      );
    }
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
