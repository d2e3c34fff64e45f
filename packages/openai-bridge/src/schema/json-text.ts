import type { JsonObject } from '@toolwire/client-core';
import { isObject, textsOf } from './json.ts';
import { withText } from './notes.ts';
import type { Place, Rewrite } from './rewrite.ts';

/** S1: an object of any properties is written as its JSON text. */
export function jsonText(schema: JsonObject, place: Place, hint = 'A JSON object, written as text.'): Rewrite {
  return {
    schema: { ...withText(textsOf(schema), hint), type: 'string' },
    encoding: 'json_text',
    decode(value, { onProblem }) {
      if (typeof value !== 'string') return value;
      const read = parseJson(value);
      if (isObject(read)) return read;
      onProblem(`${place.argument} must be the JSON text of one object.`);
      return value;
    },
  };
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
