import { sample, stringMatching } from 'fast-check';
import type { Random } from './schema-random.ts';

type Schema = Record<string, unknown>;

/** How much of what is optional a value has. */
export type Amount = 'least' | 'some' | 'all';

/** Thrown where a schema leaves no value, or none that is found easily. */
export class NoValue extends Error {}

/**
 * Makes a value after a JSON Schema of any draft, as its author may have meant it. What is hard to aim at (`not`, `if`) is
 * left to chance: judge the value before you use it.
 */
export function randomValue(root: unknown, random: Random, amount: Amount): unknown {
  const byType: Record<string, (parts: readonly Schema[], depth: number) => unknown> = {
    null: () => null,
    boolean: () => random.chance(0.5),
    integer: (parts) => number(parts, true),
    number: (parts) => number(parts, random.chance(0.5)),
    string: text,
    array,
    object,
  };
  return valueOf([root], 0);

  function valueOf(schemas: readonly unknown[], depth: number): unknown {
    if (depth > 30) throw new NoValue('too deep');
    const parts = schemas.flatMap((schema) => partsOf(schema, depth));
    const listed = parts.find((part) => 'const' in part || Array.isArray(part['enum']));
    if (listed !== undefined)
      return 'const' in listed ? listed['const'] : random.pick(ofType(listed['enum'] as unknown[], parts));
    if (parts.some((part) => part['nullable'] === true) && random.chance(0.2)) return null;
    const types = typesOf(parts);
    if (types.length === 0) throw new NoValue('no type is left');
    return byType[random.pick(types)]?.(parts, depth);
  }

  // Everything that must hold at once: references resolved, an alternative chosen.
  function partsOf(schema: unknown, depth: number): Schema[] {
    if (schema === false || depth > 60) throw new NoValue('nothing fits');
    if (!isSchema(schema)) return [];
    const inner: unknown[] = [...listOf(schema['allOf'])];
    if (typeof schema['$ref'] === 'string') inner.push(resolve(schema['$ref']));
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = listOf(schema[keyword]);
      if (branches.length > 0) inner.push(random.pick(branches));
    }
    if (isSchema(schema['if'])) inner.push(...(random.chance(0.5) ? [schema['if'], schema['then']] : [schema['else']]));
    return [schema, ...inner.flatMap((each) => partsOf(each, depth + 1))];
  }

  function resolve(reference: string): unknown {
    if (reference === '#') return root;
    if (!reference.startsWith('#/')) return true;
    let target: unknown = root;
    for (const step of decodeURIComponent(reference.slice(2)).split('/'))
      target = (target as Schema | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    return target ?? true;
  }

  function number(parts: readonly Schema[], isWhole: boolean): number {
    const unit = Math.max(...numbers(parts, 'multipleOf'), isWhole ? 1 : 0.5);
    const low = Math.max(...numbers(parts, 'minimum'), ...numbers(parts, 'exclusiveMinimum'), -1e9);
    const high = Math.min(...numbers(parts, 'maximum'), ...numbers(parts, 'exclusiveMaximum'), 1e9);
    const start = low > -1e9 ? low : Math.min(1, high - 50 * unit);
    const end = high < 1e9 ? high : start + 100 * unit;
    const isOpen = parts.some((part) => 'exclusiveMinimum' in part);
    const first = Math.ceil(start / unit) + (isOpen && Math.ceil(start / unit) * unit <= low ? 1 : 0);
    const last = Math.floor(end / unit);
    return last >= first ? random.integer(first, Math.min(last, first + 1000)) * unit : (low + high) / 2;
  }

  function text(parts: readonly Schema[]): string {
    const least = Math.max(0, ...numbers(parts, 'minLength'));
    const most = Math.min(least + 12, ...numbers(parts, 'maxLength'));
    const pattern = parts.map((part) => part['pattern']).find((each) => typeof each === 'string');
    if (pattern !== undefined) return matching(pattern, least, most);
    const format = parts.map((part) => part['format']).find((each) => typeof each === 'string');
    if (format !== undefined && formats[format] !== undefined) return formats[format];
    const letters = Array.from({ length: random.integer(least, Math.max(least, most)) }, () => random.pick(alphabet));
    return letters.join('');
  }

  function matching(pattern: string, least: number, most: number): string {
    const texts = textsFor(pattern);
    // A text that is too short is often still one when it is repeated.
    const longer = texts.map((each) =>
      each.length >= least ? each : each.repeat(Math.ceil(least / (each.length || 1))).slice(0, most),
    );
    const fitting = [...texts, ...longer].filter((each) => each.length >= least && each.length <= most);
    return random.pick(fitting.length > 0 ? fitting : texts);
  }

  function array(parts: readonly Schema[], depth: number): unknown[] {
    const least = Math.max(0, ...numbers(parts, 'minItems'));
    const wanted = { least: 0, some: random.integer(0, 2), all: 2 }[amount];
    const most = Math.min(Math.max(least, depth > 5 ? 0 : wanted), ...numbers(parts, 'maxItems'));
    const items = parts.map((part) => part['items']).filter((each) => !Array.isArray(each));
    const positions = parts.flatMap((part) => [part['prefixItems'], part['items']]).filter(Array.isArray);
    const needed = parts.flatMap((part) => ('contains' in part ? [part['contains']] : []));
    const length = Math.max(
      most,
      needed.length,
      ...positions.filter(() => amount !== 'least').map((each) => each.length),
    );
    return Array.from({ length }, (_value, index) => {
      const own: unknown[] = positions.flatMap((each) => (each.length > index ? [each[index] as unknown] : []));
      const contained = index < needed.length ? [needed[index]] : [];
      return valueOf([...(own.length > 0 ? own : items), ...contained], depth + 1);
    });
  }

  function object(parts: readonly Schema[], depth: number): Schema {
    const required = new Set(parts.flatMap((part) => listOf(part['required'])) as string[]);
    const maps = parts.map((part) => (isSchema(part['properties']) ? part['properties'] : {}));
    const closed = parts.flatMap((part, index) => (part['additionalProperties'] === false ? [maps[index] ?? {}] : []));
    const members: [string, unknown][] = [];
    for (const key of new Set([...maps.flatMap(Object.keys), ...required])) {
      const schemas = maps.flatMap((map) => (Object.hasOwn(map, key) ? [map[key]] : []));
      const isWanted =
        required.has(key) || (depth < 5 && { least: false, some: random.chance(0.5), all: true }[amount]);
      if (!isWanted || !closed.every((map) => Object.hasOwn(map, key))) continue;
      try {
        members.push([key, valueOf(schemas.length > 0 ? schemas : othersOf(parts), depth + 1)]);
      } catch (error) {
        if (required.has(key) || !(error instanceof NoValue)) throw error;
      }
    }
    return Object.fromEntries([...members, ...otherMembers(parts, maps, members.length, depth)]);
  }

  // Where the schema speaks of other keys, or of no keys at all.
  function otherMembers(
    parts: readonly Schema[],
    maps: readonly Schema[],
    count: number,
    depth: number,
  ): [string, unknown][] {
    const isFreeForm = depth > 0 && maps.every((map) => Object.keys(map).length === 0);
    const isOpen = parts.some((part) => ![undefined, false].includes(part['additionalProperties'] as undefined));
    const isClosed = parts.some((part) => part['additionalProperties'] === false);
    const patterns = parts.flatMap((part) =>
      Object.entries(isSchema(part['patternProperties']) ? part['patternProperties'] : {}),
    );
    const least = Math.max(0, ...numbers(parts, 'minProperties')) - count;
    const wanted = Math.max(least, { least: 0, some: random.integer(0, 2), all: 2 }[amount]);
    const names = parts.flatMap((part) => (isSchema(part['propertyNames']) ? [part['propertyNames']] : []));
    if (depth > 6) return [];
    return Array.from({ length: wanted }).flatMap((_value, index): [string, unknown][] => {
      if (patterns.length > 0) {
        const [pattern, schema] = random.pick(patterns);
        return [[matching(pattern, 0, 40), valueOf([schema], depth + 1)]];
      }
      if (isClosed || !(isOpen || isFreeForm)) return [];
      const key = names.length > 0 ? String(valueOf([{ type: 'string' }, ...names], depth + 1)) : `other key ${index}`;
      return [[key, valueOf(othersOf(parts), depth + 1)]];
    });
  }

  function othersOf(parts: readonly Schema[]): unknown[] {
    return parts.map((part) => part['additionalProperties']).filter((each) => each !== undefined && each !== false);
  }

  function typesOf(parts: readonly Schema[]): string[] {
    const known = (type: unknown): string[] =>
      type === 'int' ? ['integer'] : Object.hasOwn(byType, String(type)) ? [String(type)] : [];
    const named = parts.map((part) => [part['type']].flat().flatMap(known)).filter((types) => types.length > 0);
    if (named.length > 0)
      return (named[0] ?? []).filter((type) =>
        named.every((types) => types.includes(type) || (type === 'integer' && types.includes('number'))),
      );
    const has = (...keywords: string[]): boolean => parts.some((part) => keywords.some((keyword) => keyword in part));
    if (has('properties', 'required', 'additionalProperties', 'patternProperties', 'dependencies', 'if'))
      return ['object'];
    if (has('items', 'prefixItems', 'minItems')) return ['array'];
    if (has('pattern', 'minLength', 'maxLength', 'format')) return ['string'];
    if (has('minimum', 'maximum', 'multipleOf')) return ['number'];
    return ['string', 'integer', 'boolean', 'null', 'array', 'object'];
  }
}

const textsByPattern = new Map<string, readonly string[]>();

// Aiming at a pattern takes long: the same few texts serve all.
function textsFor(pattern: string): readonly string[] {
  const known = textsByPattern.get(pattern);
  if (known !== undefined) return known;
  let texts = ['abc', 'a-1', '2026-11-05', '10:00', 'x'];
  try {
    texts = sample(stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 12 });
  } catch {
    // Not a pattern that fast-check can aim at.
  }
  textsByPattern.set(pattern, texts);
  return texts;
}

const alphabet = Array.from('abcdefghijklmnopqrstuvwxyzABC0123456789 -_äß漢"\\\n{');

const formats: Record<string, string> = {
  'date-time': '2026-11-05T10:00:00Z',
  date: '2026-11-05',
  time: '10:00:00Z',
  duration: 'P1D',
  email: 'a@example.com',
  hostname: 'example.com',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uuid: '3e4666bf-d5e5-4aa7-b8ce-cefe41c7568a',
  uri: 'https://example.com/a',
  url: 'https://example.com/a',
};

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function numbers(parts: readonly Schema[], keyword: string): number[] {
  return parts.map((part) => part[keyword]).filter((value) => typeof value === 'number');
}

function ofType(values: unknown[], parts: readonly Schema[]): unknown[] {
  const types = parts.flatMap((part) => [part['type'] ?? []].flat());
  const kept = values.filter((value) => types.length === 0 || types.some((type) => type === typeName(value)));
  return kept.length > 0 ? kept : values;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
