import type { JsonObject } from '@toolwire/client-core';
import type { CleanSchema } from './clean-schema.ts';
import { constraintsOf, isObject, textsOf } from './json.ts';
import { targetName } from './local-references.ts';

const maxSteps = 10;

/** A1: arguments are an object, and a root that only refers to a definition is that definition. */
export function rootObject({ root, definitions }: CleanSchema): JsonObject {
  let schema = root;
  for (let step = 0; step < maxSteps; step += 1) {
    const definition = definitions.get(targetName(schema) ?? '');
    if (
      !isObject(definition) ||
      Object.keys(constraintsOf(schema)).some((keyword) => keyword !== '$ref' && keyword !== 'type')
    )
      break;
    schema = { ...definition, ...textsOf(schema) };
  }
  return { ...schema, type: 'object' };
}
