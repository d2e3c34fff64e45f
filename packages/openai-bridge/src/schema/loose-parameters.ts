import type { JsonObject } from '@toolwire/client-core';
import type { CleanSchema } from './clean-schema.ts';
import { adopt, declaredProperties } from './declared-properties.ts';
import { objectAt, own, without } from './json.ts';
import { withNote } from './notes.ts';
import type { Rewrite } from './rewrite.ts';
import { rootObject } from './root-object.ts';
import { wrapped } from './wrapped.ts';
import type { Loss } from '../types.ts';

const bannedAtRoot = ['$ref', 'allOf', 'anyOf', 'const', 'enum', 'not', 'oneOf'];

/**
 * A1: the root is an object with properties, and no combination of schemas. What is combined with the root's own
 * properties adds to them; a root that is nothing but a combination becomes the one property of a new root.
 */
export function looseParameters(clean: CleanSchema, lose: (loss: Loss) => void): Rewrite {
  const { definitions } = clean;
  const root = rootObject(clean);
  const banned = bannedAtRoot.filter((keyword) => keyword in root);
  const properties = objectAt(root, 'properties');
  const isOnlyCombined = banned.length > 0 && Object.keys(properties).length === 0;
  const rewrite: Rewrite = isOnlyCombined
    ? wrapped({ schema: root }, declaredProperties(root, definitions))
    : { schema: banned.reduce((current, keyword) => released(current, keyword), root) };
  const parameters = { ...rewrite.schema, properties: objectAt(rewrite.schema, 'properties') };
  return {
    schema: definitions.size === 0 ? parameters : { ...parameters, $defs: Object.fromEntries(definitions) },
    decode: rewrite.decode,
  };

  function released(schema: JsonObject, keyword: string): JsonObject {
    const what = `OpenAI takes no ${keyword} at the root; it is in the description and checked before the call.`;
    lose({ path: 'inputSchema', keyword, kind: 'unenforced', what });
    const combined = { [keyword]: schema[keyword] };
    const isOpen = own(schema, 'additionalProperties') !== false;
    return {
      ...withNote(without(schema, keyword), combined),
      ...(isOpen && { properties: adopt(objectAt(schema, 'properties'), declaredProperties(combined, definitions)) }),
    };
  }
}
