import type { JsonObject } from '@toolwire/client-core';
import { entries } from './entries.ts';
import { isObject, isVacuous, listAt, textsOf, type Schema } from './json.ts';
import { jsonText } from './json-text.ts';
import { withNote } from './notes.ts';
import { objectShape } from './object-shape.ts';
import { leftOut, optional } from './optional.ts';
import type { Decode, FinalRule, Place, Rewrite } from './rewrite.ts';

/** S1: an object has the properties that it names, all of them required, and no others. */
export const objects: FinalRule = (schema, place) => {
  if (schema['type'] !== 'object') return undefined;
  const shape = objectShape(schema, place);
  if (Object.keys(shape.named).length === 0 && shape.others !== false) return openObject(schema, shape.others, place);
  const members = new Map<string, Rewrite>();
  for (const [key, property] of Object.entries(shape.named) as [string, Schema][]) {
    const part = place.at(`properties.${key}`, place.isRoot ? key : `.${key}`);
    const converted = part.convert(property);
    if (converted === false && shape.required.has(key)) return false;
    if (converted === false) continue; // It can never be sent.
    members.set(key, shape.required.has(key) ? converted : optional(property, converted, part));
  }
  if (shape.isUndecided)
    place.lose('narrowed', 'additionalProperties', 'Only the properties that it names can be sent.');
  const others = shape.others === false ? undefined : otherProperties(shape.others, members, place);
  const all = new Map([...members, ...(others === undefined ? [] : [[others.key, others.rewrite] as const])]);
  return {
    schema: {
      ...textsOf(schema),
      type: 'object',
      properties: Object.fromEntries([...all].map(([key, member]) => [key, member.schema])),
      required: [...all.keys()],
      additionalProperties: false,
    },
    decode: objectDecoder(all, others?.key),
  };
};

function openObject(schema: JsonObject, others: Schema, place: Place): Rewrite | false {
  const required = listAt(schema, 'required');
  if (required.length > 0)
    place.lose('unenforced', 'required', 'It is in the description and checked before the call.');
  const noted = required.length > 0 ? withNote(schema, { required }) : schema;
  return isVacuous(others) ? jsonText(noted, place) : entries(noted, others, place);
}

function otherProperties(
  schema: Schema,
  members: ReadonlyMap<string, unknown>,
  place: Place,
): { key: string; rewrite: Rewrite } | undefined {
  const text = { description: 'The other properties of this object; null for none.' };
  const rewrite = openObject(text, schema, place);
  if (rewrite === false) return undefined;
  let key = 'additional_properties';
  while (members.has(key)) key += '_';
  return { key, rewrite: optional({ type: 'object' }, rewrite, place) };
}

function objectDecoder(members: ReadonlyMap<string, Rewrite>, othersKey: string | undefined): Decode | undefined {
  if ([...members.values()].every(({ decode }) => decode === undefined)) return undefined;
  return (value, decoding) => {
    if (!isObject(value)) return value;
    const decoded = Object.entries(value).map(([key, member]) => {
      const decode = members.get(key)?.decode;
      return [key, decode === undefined ? member : decode(member, decoding)] as const;
    });
    const others = decoded.find(([key]) => key === othersKey)?.[1];
    const named = decoded.filter(([key, member]) => member !== leftOut && (key !== othersKey || !isObject(others)));
    return Object.fromEntries([...(isObject(others) ? Object.entries(others) : []), ...named]);
  };
}
