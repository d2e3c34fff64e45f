import { findSchemaViolation, type JsonObject } from '@toolwire/client-core';
import { allOf } from './all-of.ts';
import { anyValue } from './any-value.ts';
import { arrays } from './arrays.ts';
import type { CleanSchema } from './clean-schema.ts';
import { conditions } from './conditions.ts';
import { constants } from './constants.ts';
import { constraintUnions } from './constraint-unions.ts';
import { declaredProperties } from './declared-properties.ts';
import { defaults } from './defaults.ts';
import { enums } from './enums.ts';
import { exclusiveUnions } from './exclusive-unions.ts';
import { formats } from './formats.ts';
import { impliedTypes } from './implied-types.ts';
import { isObject, textsOf, type Schema } from './json.ts';
import { targetName } from './local-references.ts';
import { withTexts } from './notes.ts';
import { encodingOf } from './object-shape.ts';
import { objects } from './objects.ts';
import { referenceSiblings, references } from './references.ts';
import { NotStrict, type FinalRule, type FlatRule, type Place, type Rewrite } from './rewrite.ts';
import { rootObject } from './root-object.ts';
import { scalars } from './scalars.ts';
import { typeLists } from './type-lists.ts';
import { unions } from './unions.ts';
import { unsupportedKeywords } from './unsupported-keywords.ts';
import { wrapped } from './wrapped.ts';
import type { Loss } from '../types.ts';

/** What strict forbids and other keywords can say, or the description must. */
const flatRules: readonly FlatRule[] = [
  constants,
  unsupportedKeywords, // S3, S6
  formats, // S5
  defaults, // S6
  conditions, // S3
  exclusiveUnions, // S3
  referenceSiblings, // S4
  allOf, // S3
  constraintUnions, // S2
];

/** Only for a schema that stands for itself: in a combination, the others know the type. */
const typeRules: readonly FlatRule[] = [
  impliedTypes, // S2
  typeLists, // S2
];

/** One for each kind of schema that is left. */
const finalRules: readonly FinalRule[] = [
  references, // S4
  unions, // S2, S3
  enums, // S2
  objects, // S1, S8
  arrays, // A3, S3
  scalars, // S2
  anyValue, // S2
];

const maxSteps = 20_000;
const maxDepth = 60;

/** Rewrites a clean schema into OpenAI's strict subset; throws `NotStrict` where it cannot say what the tool takes. */
export function strictSchema(clean: CleanSchema, lose: (loss: Loss) => void): Rewrite {
  const { definitions } = clean;
  let steps = 0;
  let depth = 0;
  const referred = new Map<string, Rewrite>();
  const strict = new Map<string, Rewrite>();
  const shared: Record<string, JsonObject> = {};
  const strictDefinitions: JsonObject = {};
  const originals = Object.fromEntries(definitions);

  function guarded<Result>(work: () => Result): Result {
    steps += 1;
    depth += 1;
    if (steps > maxSteps || depth > maxDepth) throw new NotStrict('it is too large or nested too deep');
    const result = work();
    depth -= 1;
    return result;
  }

  function placeAt(path: string, argument: string, isRoot = false): Place {
    const place: Place = {
      path,
      argument,
      isRoot,
      definitions,
      at: (step, inner = '') => placeAt(`${path}.${step}`, argument + inner),
      convert: (schema) => guarded(() => convert(schema, place)),
      flatten: (schema) => guarded(() => flatten(schema, place)),
      fits: (schema, value) => findSchemaViolation({ $defs: originals, allOf: [schema] }, value) === undefined,
      fitsStrict: (schema, value) => findSchemaViolation({ ...schema, $defs: strictDefinitions }, value) === undefined,
      refer,
      share,
      lose: (kind, keyword, what) => lose({ path, keyword, kind, what }),
    };
    return place;
  }

  function placeOf(name: string): Place {
    return placeAt(`inputSchema.$defs.${name}`, name);
  }

  function refer(name: string): Rewrite {
    const known = referred.get(name);
    if (known !== undefined) return known;
    const target = placeOf(name);
    const reference: Rewrite = {
      schema: { $ref: `#/$defs/${name}` },
      encoding: encodingOf(target.flatten(definitions.get(name) ?? true), target),
      decode(value, decoding) {
        decoding.budget.left -= 1;
        const decode = decoding.budget.left < 0 ? undefined : strict.get(name)?.decode;
        return decode === undefined ? value : decode(value, decoding);
      },
    };
    referred.set(name, reference);
    return reference;
  }

  function share(name: string, define: (reference: JsonObject) => JsonObject): JsonObject {
    const unique = definitions.has(name) ? `our_${name}` : name;
    const reference = { $ref: `#/$defs/${unique}` };
    shared[unique] ??= define(reference);
    return reference;
  }

  const place = placeAt('inputSchema', '', true);
  const root = rootObject(clean);
  const converted = place.convert(root);
  if (converted === false) throw new NotStrict('no arguments fit its schema');
  // Converting a definition can refer to others: a map lists what was added while it is walked.
  for (const name of referred.keys()) {
    const definition = placeOf(name).convert(definitions.get(name) ?? true);
    if (definition === false) throw new NotStrict(`nothing fits its definition ${name}`);
    strict.set(name, definition);
    strictDefinitions[name] = definition.schema;
  }
  Object.assign(strictDefinitions, shared);
  const { schema, decode } =
    converted.schema['type'] === 'object' ? converted : wrapped(converted, declaredProperties(root, definitions));
  const hasDefinitions = Object.keys(strictDefinitions).length > 0;
  return { schema: hasDefinitions ? { ...schema, $defs: strictDefinitions } : schema, decode };
}

function convert(schema: Schema, place: Place): Rewrite | false {
  const flat = apply(typeRules, apply(flatRules, schema === true ? {} : schema, place), place);
  if (typeof flat === 'boolean') return false;
  for (const rule of finalRules) {
    const rewrite = rule(flat, place);
    if (rewrite !== undefined) return rewrite;
  }
  throw new NotStrict('it holds what no rule knows');
}

function flatten(schema: Schema, place: Place): Schema {
  const flat = apply(flatRules, schema, place);
  const name = isObject(flat) ? targetName(flat) : undefined;
  if (!isObject(flat) || name === undefined) return flat;
  const target = place.flatten(place.definitions.get(name) ?? true);
  return isObject(target) ? withTexts(target, textsOf(flat)) : target;
}

function apply(rules: readonly FlatRule[], schema: Schema, place: Place): Schema {
  return rules.reduce((current, rule) => (isObject(current) ? (rule(current, place) ?? current) : current), schema);
}
