import type { JsonObject } from '@toolwire/client-core';
import { arrayItems } from './array-items.ts';
import type { CleanRule, Lose } from './clean-rule.ts';
import { findTarget } from './find-target.ts';
import { isObject, type Schema } from './json.ts';
import { legalKeys } from './legal-keys.ts';
import { localReferences, targetName } from './local-references.ts';
import { modernSpelling } from './modern-spelling.ts';
import { plainPatterns } from './plain-patterns.ts';
import { mapSubschemas } from './subschemas.ts';
import { wellFormed } from './well-formed.ts';
import { hash } from '../hash.ts';
import type { Loss } from '../types.ts';

/** What holds for every function tool, in this order, for every part of its schema. */
const rules: readonly CleanRule[] = [
  modernSpelling, // A2
  wellFormed, // A2
  localReferences, // A5
  legalKeys,
  arrayItems, // A3
  plainPatterns, // A4
];

/** A schema that every API takes, except for what OpenAI asks of its root. */
export interface CleanSchema {
  readonly root: JsonObject;
  /** What its references point to: `#/$defs/name`. */
  readonly definitions: ReadonlyMap<string, Schema>;
  /** The real names of the properties that were renamed. */
  readonly originalKeys: ReadonlyMap<string, string>;
  readonly losses: readonly Loss[];
}

const maxDepth = 60;
const maxTargets = 1000;
const maxParts = 50_000;

/** Reads any `inputSchema` as JSON Schema 2020-12, and brings every part of it in line with the rules. */
export function cleanSchema(inputSchema: unknown): CleanSchema {
  let parts = 0;
  const losses: Loss[] = [];
  const originalKeys = new Map<string, string>();
  const definitions = new Map<string, Schema>();
  const targets = new Map<string, { name: string; target: unknown }>();

  function clean(schema: unknown, path: string, depth: number): Schema {
    const lose: Lose = (kind, keyword, what) => losses.push({ path, keyword, kind, what });
    if (typeof schema === 'boolean') return schema;
    parts += 1;
    if (!isObject(schema) || depth > maxDepth || parts > maxParts) {
      const why = isObject(schema) ? 'This is too deep, or too much in all' : 'This is no schema';
      lose('unenforced', '', `${why}; it was left out.`);
      return true;
    }
    const ruled = rules.reduce((current, rule) => rule(current, { lose, nameOfTarget, legalKey }), schema);
    return mapSubschemas(ruled, (subschema, step) => clean(subschema, `${path}.${step}`, depth + 1));
  }

  function nameOfTarget(reference: string): string | undefined {
    const known = targets.get(reference);
    if (known !== undefined) return known.name;
    const target = targets.size < maxTargets ? findTarget(inputSchema, reference) : undefined;
    if (!isObject(target) && typeof target !== 'boolean') return undefined;
    const wanted = (/[^/#]+$/.exec(reference)?.[0] ?? 'root').replaceAll(/\W+/g, '_');
    let name = wanted;
    for (let count = 2; definitions.has(name); count += 1) name = `${wanted}_${count}`;
    targets.set(reference, { name, target });
    definitions.set(name, true); // Taken; what it is comes later.
    return name;
  }

  function legalKey(key: string): string {
    if (/^[\w.-]{1,64}$/.test(key)) return key;
    const readable = key
      .replaceAll(/[^\w.-]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 48);
    for (let length = 4; ; length += 2) {
      const name = `${readable || 'property'}_${hash(key, length)}`;
      if ((originalKeys.get(name) ?? key) !== key) continue;
      originalKeys.set(name, key);
      return name;
    }
  }

  const root = clean(inputSchema, 'inputSchema', 0);
  // What is found on the way is cleaned in its turn: a map lists what was added while it is walked.
  for (const [reference, { name, target }] of targets)
    definitions.set(name, clean(target, `inputSchema${reference.replace('#/', '.').replaceAll('/', '.')}`, 0));
  for (const name of definitions.keys()) if (isCircle(name, definitions)) definitions.set(name, true);
  return { root: isObject(root) ? root : {}, definitions, originalKeys, losses };
}

// A reference that only leads back to itself asks for nothing.
function isCircle(name: string, definitions: ReadonlyMap<string, Schema>): boolean {
  const seen = new Set<string>();
  let next: string | undefined = name;
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    const schema = definitions.get(next);
    next = isObject(schema) ? targetName(schema) : undefined;
  }
  return next === name;
}
