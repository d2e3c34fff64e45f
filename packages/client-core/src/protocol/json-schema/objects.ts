import { listValues } from './values.ts';
import { fault, forLimit, forObjects, inside, own, type Fault, type Keyword, type SchemaWalk } from './walk.ts';
import { isObject, type JsonObject } from '../jsonrpc.ts';

/** Keywords about objects and their members. */
export const objectKeywords: Readonly<Record<string, Keyword>> = {
  required: forObjects((expectation, value, walk, schema) => {
    walk.tick();
    if (!Array.isArray(expectation)) return undefined;
    const name: unknown = expectation.find((each) => typeof each === 'string' && own(value, each) === undefined);
    return typeof name === 'string' ? missing(name, schema) : undefined;
  }),
  properties: forObjects((expectation, value, walk) => {
    if (!isObject(expectation)) return undefined;
    return firstFault(namesOf(value), (name) =>
      Object.hasOwn(expectation, name) ? walk.check(expectation[name], value[name]) : undefined,
    );
  }),
  patternProperties: forObjects((expectation, value, walk) => {
    if (!isObject(expectation)) return undefined;
    for (const [pattern, schema] of Object.entries(expectation)) {
      const found = firstFault(namesOf(value), (name) => {
        const matches = walk.matches(pattern, name);
        if (matches === undefined) walk.skip();
        return matches === true ? walk.check(schema, value[name]) : undefined;
      });
      if (found !== undefined) return found;
    }
    return undefined;
  }),
  additionalProperties: forObjects((expectation, value, walk, schema) => {
    const isNamed = namedBy(schema, walk);
    return firstFault(namesOf(value), (name) => {
      if (isNamed(name)) return undefined;
      return expectation === false ? unknownProperty(schema) : walk.check(expectation, value[name]);
    });
  }),
  propertyNames: forObjects((expectation, value, walk) =>
    firstFault(namesOf(value), (name) => {
      const found = walk.check(expectation, name);
      return found && fault(`a name that is ${found.expected}`, `is not an allowed name: it ${found.problem}`);
    }),
  ),
  minProperties: forObjects(
    forLimit((limit, value) => (namesOf(value).length >= limit ? undefined : size(`at least ${limit}`, limit))),
  ),
  maxProperties: forObjects(
    forLimit((limit, value) => (namesOf(value).length <= limit ? undefined : size(`at most ${limit}`, limit))),
  ),
  dependentRequired: forObjects(checkDependencies),
  dependentSchemas: forObjects(checkDependencies),
  dependencies: forObjects(checkDependencies),
};

function namesOf(value: JsonObject): string[] {
  return Object.keys(value).filter((name) => value[name] !== undefined);
}

function firstFault(names: readonly string[], check: (name: string) => Fault | undefined): Fault | undefined {
  for (const name of names) {
    const found = check(name);
    if (found !== undefined) return inside(name, found);
  }
  return undefined;
}

function missing(name: string, schema: JsonObject): Fault {
  const properties = own(schema, 'properties');
  const property = isObject(properties) ? own(properties, name) : undefined;
  const type = isObject(property) ? own(property, 'type') : undefined;
  const expected = Array.isArray(type) ? type.join(' or ') : typeof type === 'string' ? type : 'a value';
  return { path: [name], expected, problem: 'is required', isMissing: true };
}

function namedBy(schema: JsonObject, walk: SchemaWalk): (name: string) => boolean {
  const properties = own(schema, 'properties');
  const patterns = own(schema, 'patternProperties');
  return (name) => {
    if (isObject(properties) && Object.hasOwn(properties, name)) return true;
    return isObject(patterns) && Object.keys(patterns).some((pattern) => mayMatch(pattern, name, walk));
  };
}

function mayMatch(pattern: string, name: string, walk: SchemaWalk): boolean {
  const matches = walk.matches(pattern, name);
  if (matches === undefined) walk.skip();
  return matches !== false;
}

function unknownProperty(schema: JsonObject): Fault {
  const properties = own(schema, 'properties');
  const known = isObject(properties) ? listValues(Object.keys(properties)) : '';
  if (known === '') return fault('no properties', 'is not a known property; there are none');
  return fault(`one of the properties: ${known}`, `is not a known property; known are: ${known}`);
}

function size(limit: string, number: number): Fault {
  const expected = `${limit} ${number === 1 ? 'property' : 'properties'}`;
  return fault(expected, `must have ${expected}`);
}

// Draft-07 has one keyword for what later became two.
function checkDependencies(
  expectation: unknown,
  value: JsonObject,
  walk: SchemaWalk,
  schema: JsonObject,
): Fault | undefined {
  if (!isObject(expectation)) return undefined;
  for (const name of namesOf(value)) {
    const dependency = own(expectation, name);
    const found = Array.isArray(dependency)
      ? objectKeywords['required']?.(dependency, value, walk, schema)
      : walk.check(dependency, value);
    if (found !== undefined) return found;
  }
  return undefined;
}
