import type { CleanRule } from './clean-rule.ts';
import { objectAt, own, without } from './json.ts';
import { withNote } from './notes.ts';

/** A4: a pattern that OpenAI would refuse (lookaround, references back, none at all) goes to the description. */
export const plainPatterns: CleanRule = (schema, { lose }) => {
  const pattern = own(schema, 'pattern');
  let result = schema;
  if (typeof pattern === 'string' && !isPlainPattern(pattern)) {
    const what = 'OpenAI does not take this pattern; it is in the description and checked before the call.';
    lose('unenforced', 'pattern', what);
    result = withNote(without(schema, 'pattern'), { pattern });
  }
  const byPattern = Object.entries(objectAt(schema, 'patternProperties'));
  const plain = byPattern.filter(([key]) => isPlainPattern(key));
  if (plain.length === byPattern.length) return result;
  lose('unenforced', 'patternProperties', 'OpenAI does not take a pattern of these; it is checked before the call.');
  // The properties that it allowed stay allowed.
  return { ...result, patternProperties: Object.fromEntries(plain), additionalProperties: true };
};

const characterClass = /\[(?:[^\]\\]|\\[^])*\]/g;

function isPlainPattern(pattern: string): boolean {
  const outside = pattern.replaceAll(characterClass, 'x').replaceAll('\\\\', 'x');
  return isPattern(pattern) && !/\\[1-9k]/.test(outside) && !/\(\?<?[=!]/.test(outside.replaceAll(/\\[^]/g, 'x'));
}

function isPattern(pattern: string): boolean {
  try {
    // Without the flag `u`, as many real patterns escape more than it admits.
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
