import type { Schema } from './json.ts';
import type { Decode, Decoding, Place, Rewrite } from './rewrite.ts';

/** A way in which a value may be written, and the schema that it had before. */
export interface Alternative extends Rewrite {
  readonly original: Schema;
}

/** Decodes a value by the first alternative that it was written for, and whose own values it decodes to. */
export function decodeOneOf(alternatives: readonly Alternative[], place: Place): Decode | undefined {
  if (alternatives.every(({ decode }) => decode === undefined)) return undefined;
  return (value, decoding) => {
    const written = alternatives.filter(({ schema }) => place.fitsStrict(schema, value));
    let first: { decoded: unknown; problems: string[] } | undefined;
    for (const { decode, original } of written.length > 0 ? written : alternatives) {
      decoding.budget.left -= 1;
      if (decoding.budget.left < 0) break;
      const problems: string[] = [];
      const quiet: Decoding = { ...decoding, onProblem: (problem) => problems.push(problem) };
      const decoded = decode === undefined ? value : decode(value, quiet);
      if (place.fits(original, decoded)) return decoded;
      first ??= { decoded, problems };
    }
    for (const problem of first?.problems ?? []) decoding.onProblem(problem);
    return first === undefined ? value : first.decoded;
  };
}
