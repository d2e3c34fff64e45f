import type { CleanRule } from './clean-rule.ts';
import { objectAt, own, without } from './json.ts';
import { withNote } from './notes.ts';

/** A4: a pattern that OpenAI would refuse (lookaround, references back, none at all) goes to the description. */
export const plainPatterns: CleanRule = (schema, { lose }) => {
  const pattern = own(schema, 'pattern');
  let result = schema;
  if (typeof pattern === 'string' && !isPlainPattern(pattern)) {
    lose(
      'unenforced',
      'pattern',
      'OpenAI does not take this pattern; it is in the description and checked before the call.',
    );
    result = withNote(without(schema, 'pattern'), { pattern });
  }
  const byPattern = Object.entries(objectAt(schema, 'patternProperties'));
  const plain = byPattern.filter(([key]) => isPlainPattern(key));
  if (plain.length === byPattern.length) return result;
  lose('unenforced', 'patternProperties', 'OpenAI does not take a pattern of these; it is checked before the call.');
  // The properties that it allowed stay allowed.
  return { ...result, patternProperties: Object.fromEntries(plain), additionalProperties: true };
};

const lookaround = /\((?:\?<?[=!])/;
const classOrEscape = /\[(?:[^\]\\]|\\[^])*\]|\\[^]/g;

function isPlainPattern(pattern: string): boolean {
  try {
    // Without the flag `u`, as many real patterns escape more than it admits.
    return new RegExp(pattern) instanceof RegExp && !lookaround.test(pattern.replaceAll(classOrEscape, 'x'));
  } catch {
    return false;
  }
}
