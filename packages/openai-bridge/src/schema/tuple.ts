import type { JsonObject } from '@toolwire/client-core';
import { arrayOf } from './array-of.ts';
import { decodeOneOf } from './decode-one-of.ts';
import { joined } from './joined.ts';
import { canonicalText, isVacuous, listAt, own, type Schema } from './json.ts';
import { withNote } from './notes.ts';
import { NotStrict, type Place, type Rewrite } from './rewrite.ts';

/** S3: a tuple becomes an array of what its positions may hold; which holds what goes to the description. */
export function tuple(schema: JsonObject, place: Place): Rewrite {
  const prefixItems = listAt(schema, 'prefixItems') as Schema[]; // Cleaned.
  const rest = own(schema, 'items') as Schema | undefined;
  const hasRest = rest !== undefined && rest !== false && !isVacuous(rest);
  const originals = [...prefixItems, ...(hasRest ? [rest] : [])];
  const positions = originals.map((position, index) => {
    const converted = place.at(`prefixItems[${index}]`, `[${index}]`).convert(position);
    if (converted === false) throw new NotStrict('a position of a tuple can hold nothing');
    return converted;
  });
  const { schema: items, branches } = joined(positions);
  const most = Math.min(Number(own(schema, 'maxItems') ?? Infinity), rest === false ? prefixItems.length : Infinity);
  if (!hasRest && most > prefixItems.length)
    place.lose('narrowed', 'prefixItems', 'Further items can only be like those of the positions that it names.');
  const areAlike = branches.every((branch) => canonicalText(branch.schema) === canonicalText(items));
  const what = 'Which position holds what is in the description and checked before the call.';
  if (!areAlike) place.lose('unenforced', 'prefixItems', what);
  const noted = areAlike ? schema : withNote(schema, { prefixItems });
  const limited = most === Infinity ? noted : { ...noted, maxItems: most };
  // A position holds what its own schema says, even where it was written like another.
  const decoders = originals.map((original, index) => {
    const ways = [...branches.slice(index), ...branches.slice(0, index)];
    return decodeOneOf(
      ways.map((way) => ({ ...way, original })),
      place,
    );
  });
  return {
    schema: arrayOf(items, limited),
    decode: (value, decoding) =>
      Array.isArray(value)
        ? value.map((item: unknown, index) => {
            const decode = decoders[Math.min(index, decoders.length - 1)];
            return decode === undefined ? item : decode(item, decoding);
          })
        : value,
  };
}
