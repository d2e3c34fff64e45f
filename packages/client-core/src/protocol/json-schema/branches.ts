import { fault, inside, own, type Fault, type Keyword, type SchemaWalk } from './walk.ts';
import { isObject } from '../jsonrpc.ts';

/** Keywords that apply other schemas to the same value. */
export const branchKeywords: Readonly<Record<string, Keyword>> = {
  $ref: follow,
  $dynamicRef: follow,
  $recursiveRef: follow,
  allOf(branches, value, walk) {
    if (!Array.isArray(branches)) return undefined;
    for (const branch of branches) {
      const found = walk.check(branch, value);
      if (found !== undefined) return found;
    }
    return undefined;
  },
  anyOf: (branches, value, walk) => (Array.isArray(branches) ? checkAny(branches, value, walk) : undefined),
  oneOf(branches, value, walk) {
    if (!Array.isArray(branches)) return undefined;
    const found = checkAny(branches, value, walk);
    if (found !== undefined) return found;
    const fitting = branches.filter((branch) => walk.certainlyFits(branch, value)).length;
    if (fitting < 2) return undefined;
    return fault(
      `exactly one of ${branches.length} alternatives`,
      `fits ${fitting} alternatives that exclude each other`,
    );
  },
  not(excluded, value, walk) {
    if (!walk.certainlyFits(excluded, value)) return undefined;
    const isEverything = excluded === true || (isObject(excluded) && Object.keys(excluded).length === 0);
    return isEverything
      ? fault('nothing', 'must be left out')
      : fault('something that the schema does not exclude', 'is what the schema excludes with "not"');
  },
  if(condition, value, walk, schema) {
    if (walk.check(condition, value) !== undefined) return walk.check(own(schema, 'else'), value);
    return walk.certainlyFits(condition, value) ? walk.check(own(schema, 'then'), value) : undefined;
  },
};

function follow(reference: unknown, value: unknown, walk: SchemaWalk): Fault | undefined {
  const schema = walk.resolve(reference);
  if (schema === undefined) walk.skip(); // Not here; what it asks for is for the server to check.
  return walk.check(schema, value);
}

function checkAny(branches: readonly unknown[], value: unknown, walk: SchemaWalk): Fault | undefined {
  const faults: Fault[] = [];
  for (const branch of branches) {
    const found = walk.check(branch, value);
    if (found === undefined) return undefined;
    faults.push(found);
  }
  return closest(branches, faults, value, walk);
}

// Of a union, people want to hear about the alternative that they meant: first that whose `kind: "a"` they wrote, then
// that which was right for longest.
function closest(
  branches: readonly unknown[],
  faults: readonly Fault[],
  value: unknown,
  walk: SchemaWalk,
): Fault | undefined {
  const mismatches = branches.map((branch) => discriminatorFault(branch, value, walk));
  const meant = faults.filter((_fault, index) => mismatches[index] === undefined);
  const candidates = meant.length > 0 ? meant : mismatches.filter((found) => found !== undefined);
  const depth = Math.max(...candidates.map(({ path }) => path.length));
  return merge(candidates.filter(({ path }) => path.length === depth));
}

function discriminatorFault(branch: unknown, value: unknown, walk: SchemaWalk): Fault | undefined {
  if (!isObject(branch) || !isObject(value)) return undefined;
  const schema = Object.hasOwn(branch, '$ref') ? walk.resolve(branch['$ref']) : branch;
  const properties = isObject(schema) ? own(schema, 'properties') : undefined;
  if (!isObject(properties)) return undefined;
  for (const [name, property] of Object.entries(properties)) {
    const isDiscriminator = isObject(property) && (Object.hasOwn(property, 'const') || Object.hasOwn(property, 'enum'));
    const given = isDiscriminator ? own(value, name) : undefined;
    const found = given === undefined ? undefined : walk.check(property, given);
    if (found !== undefined) return inside(name, found);
  }
  return undefined;
}

const maxMerged = 8;

function merge(faults: readonly Fault[]): Fault | undefined {
  const [first, ...others] = faults;
  if (first === undefined || others.length === 0) return first;
  const expected = distinct(faults.map((found) => found.expected));
  const places = distinct(faults.map(({ path }) => JSON.stringify(path)));
  if (places.length === 1) return expected.length === 1 ? first : { ...fault(expected.join(' or ')), path: first.path };
  if (!faults.every(({ isMissing }) => isMissing === true)) return first;
  const names = distinct(faults.map(({ path }) => String(path.at(-1)))).join(' or ');
  return { ...fault(`a property ${names}`, `must have a property ${names}`), path: first.path.slice(0, -1) };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].slice(0, maxMerged);
}
