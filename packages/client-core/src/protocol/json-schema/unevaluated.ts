import { fault, forArrays, forObjects, inside, own, type Fault, type Keyword, type SchemaWalk } from './walk.ts';
import { isObject, type JsonObject } from '../jsonrpc.ts';

/** Keywords about what no other keyword of the schema, or of those that apply to the same value, speaks of. */
export const unevaluatedKeywords: Readonly<Record<string, Keyword>> = {
  unevaluatedProperties: forObjects((expectation, value, walk, schema) => {
    const speakers = speakersOf(schema, value, walk);
    return firstFault(Object.keys(value), value, expectation, walk, (name) =>
      speakers.some((speaker) => speaksOfProperty(speaker, name, walk, speaker !== schema)),
    );
  }),
  unevaluatedItems: forArrays((expectation, items, walk, schema) => {
    const speakers = speakersOf(schema, items, walk);
    return firstFault([...items.keys()], items, expectation, walk, (index) =>
      speakers.some((speaker) => speaksOfItem(speaker, index, items[index], walk, speaker !== schema)),
    );
  }),
};

function firstFault<Step extends string | number>(
  steps: readonly Step[],
  value: Readonly<Record<Step, unknown>>,
  expectation: unknown,
  walk: SchemaWalk,
  isEvaluated: (step: Step) => boolean,
): Fault | undefined {
  for (const step of steps) {
    walk.tick();
    if (value[step] === undefined || isEvaluated(step)) continue;
    const found = expectation === false ? fault('nothing', 'is not known here') : walk.check(expectation, value[step]);
    if (found !== undefined) return inside(step, found);
  }
  return undefined;
}

const maxSpeakers = 1000;

/** The schemas that apply to this value, as far as it fits them. */
function speakersOf(schema: JsonObject, value: unknown, walk: SchemaWalk): JsonObject[] {
  const speakers = new Set<JsonObject>([schema]);
  for (const speaker of speakers) {
    const applied = appliedBy(speaker, value, walk).filter((each) => isObject(each));
    for (const each of applied) if (speakers.size < maxSpeakers) speakers.add(each);
  }
  return [...speakers];
}

function appliedBy(schema: JsonObject, value: unknown, walk: SchemaWalk): unknown[] {
  const fitting = (branches: unknown): unknown[] =>
    Array.isArray(branches) ? branches.filter((branch) => walk.check(branch, value) === undefined) : [];
  const [condition] = fitting([own(schema, 'if')]);
  const dependent = own(schema, 'dependentSchemas');
  return [
    ...['$ref', '$dynamicRef', '$recursiveRef'].map((keyword) => walk.resolve(own(schema, keyword))),
    ...['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => fitting(own(schema, keyword))),
    ...(condition === undefined ? [own(schema, 'else')] : [condition, own(schema, 'then')]),
    ...(isObject(dependent) && isObject(value)
      ? Object.keys(dependent).flatMap((name) => (own(value, name) === undefined ? [] : [dependent[name]]))
      : []),
  ];
}

function speaksOfProperty(schema: JsonObject, name: string, walk: SchemaWalk, isOther: boolean): boolean {
  const { properties, patternProperties } = schema;
  if ('additionalProperties' in schema || (isOther && 'unevaluatedProperties' in schema)) return true;
  if (isObject(properties) && Object.hasOwn(properties, name)) return true;
  return (
    isObject(patternProperties) && Object.keys(patternProperties).some((each) => walk.matches(each, name) !== false)
  );
}

function speaksOfItem(schema: JsonObject, index: number, item: unknown, walk: SchemaWalk, isOther: boolean): boolean {
  const { items, prefixItems, contains } = schema;
  const positions = Array.isArray(items) ? items : prefixItems;
  if (Array.isArray(positions) && index < positions.length) return true;
  if (items !== undefined && !Array.isArray(items)) return true;
  if ('additionalItems' in schema || (isOther && 'unevaluatedItems' in schema)) return true;
  return contains !== undefined && walk.check(contains, item) === undefined;
}
