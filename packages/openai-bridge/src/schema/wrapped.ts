import { isObject } from './json.ts';
import type { Rewrite } from './rewrite.ts';

/** A1: what cannot be the root becomes the one property of a new root; its name is none of those in `taken`. */
export function wrapped({ schema, decode = (value) => value }: Rewrite, taken: ReadonlyMap<string, unknown>): Rewrite {
  const name = ['input', 'arguments', 'input_'].find((each) => !taken.has(each)) ?? 'tool_arguments';
  return {
    schema: { type: 'object', properties: { [name]: schema }, required: [name], additionalProperties: false },
    // A model that is not held to the schema may leave the wrapper out.
    decode: (value, decoding) =>
      decode(isObject(value) && Object.keys(value).join() === name ? value[name] : value, decoding),
  };
}
