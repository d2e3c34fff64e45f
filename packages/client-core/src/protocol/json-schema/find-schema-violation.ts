import { formatPath } from './json-path.ts';
import { arrayKeywords } from './arrays.ts';
import { branchKeywords } from './branches.ts';
import { objectKeywords } from './objects.ts';
import { matchesPattern } from './pattern.ts';
import { schemaResolver } from './reference.ts';
import { scalarKeywords } from './scalars.ts';
import { unevaluatedKeywords } from './unevaluated.ts';
import { fault, type Fault, type Keyword, type SchemaWalk } from './walk.ts';
import { isObject, type JsonObject } from '../jsonrpc.ts';

/** The first way in which a value breaks a schema. */
export interface SchemaViolation {
  /** Where, like `filter.ids[0]`; '' is the value itself. */
  readonly path: string;
  /** What would fit there, like "integer" or "one of: a, b". */
  readonly expected: string;
  /** One sentence that names the path. */
  readonly message: string;
}

/**
 * Checks `value` against a JSON Schema (2020-12, and the spellings of draft-07 and OpenAPI that tools use). Never
 * throws, fetches nothing and bounds its work; what it does not know or may not check, it lets pass.
 */
export function findSchemaViolation(schema: unknown, value: unknown): SchemaViolation | undefined {
  const found = checkInTime(schema, value);
  if (found === undefined) return undefined;
  const path = formatPath(found.path);
  return { path, expected: found.expected, message: `${path === '' ? 'The value' : path} ${found.problem}.` };
}

const late = Symbol('the check has taken too long');

function checkInTime(schema: unknown, value: unknown): Fault | undefined {
  try {
    return startWalk(schema).check(schema, value);
  } catch (error) {
    if (error === late) return undefined;
    throw error;
  }
}

const maxDepth = 128;
// Whoever sends a large schema and a large value can make each step dear: nobody may hold the event loop so.
const maxMs = 100;
// A few schemas that refer to each other can ask for more steps than there are atoms; this many take some 50 ms.
const maxSteps = 250_000;

const keywords = new Map<string, Keyword>(
  [scalarKeywords, objectKeywords, arrayKeywords, branchKeywords, unevaluatedKeywords].flatMap((table) =>
    Object.entries(table),
  ),
);

// Read beside another keyword, or of no consequence for what fits.
const silentKeywords = new Set(
  `$anchor $comment $defs $dynamicAnchor $id $recursiveAnchor $schema $vocabulary additionalItems contentEncoding
  contentMediaType contentSchema definitions default deprecated description else example examples id maxContains
  minContains nullable readOnly then title type writeOnly`.split(/\s+/),
);

function startWalk(root: unknown): SchemaWalk {
  let depth = 0;
  let steps = 0;
  let skipped = 0;
  const end = Date.now() + maxMs;
  const walk: SchemaWalk = {
    check(schema, value) {
      walk.tick();
      steps += 1;
      if (depth >= maxDepth || steps > maxSteps) {
        skipped += 1;
        return undefined;
      }
      depth += 1;
      const found = checkSchema(schema, value, walk);
      depth -= 1;
      return found;
    },
    certainlyFits(schema, value) {
      const before = skipped;
      return walk.check(schema, value) === undefined && skipped === before;
    },
    skip: () => (skipped += 1),
    tick: () => {
      if (Date.now() > end) throw late;
    },
    matches(pattern, text) {
      walk.tick();
      return matchesPattern(pattern, text);
    },
    resolve: schemaResolver(root),
  };
  return walk;
}

function checkSchema(schema: unknown, value: unknown, walk: SchemaWalk): Fault | undefined {
  if (schema === false) return fault('nothing', 'must be left out');
  if (!isObject(schema)) {
    if (schema !== true && schema !== undefined) walk.skip();
    return undefined;
  }
  if (value === null && schema['nullable'] === true) return undefined;
  return checkKeyword('type', schema, value, walk) ?? checkOthers(schema, value, walk);
}

function checkOthers(schema: JsonObject, value: unknown, walk: SchemaWalk): Fault | undefined {
  for (const name of Object.keys(schema)) {
    const found = name === 'type' ? undefined : checkKeyword(name, schema, value, walk);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkKeyword(name: string, schema: JsonObject, value: unknown, walk: SchemaWalk): Fault | undefined {
  const keyword = keywords.get(name);
  if (keyword !== undefined)
    return Object.hasOwn(schema, name) ? keyword(schema[name], value, walk, schema) : undefined;
  if (!silentKeywords.has(name)) walk.skip();
  return undefined;
}
