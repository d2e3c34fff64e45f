import type { Random } from './schema-random.ts';

type Schema = Record<string, unknown>;

const keys = [
  'a',
  'b',
  'kind',
  'items',
  'type',
  '$filter',
  'x y',
  '城市',
  'properties',
  'constructor',
  'value',
  'input',
];
const patterns = ['^[a-z]+$', '^\\d{2,4}$', '^x-', '^(?!no).*$', '^(a|b)?c$'];
const formats = ['date', 'email', 'uri', 'uuid', 'int64'];

/** Makes the `inputSchema` of a tool that nobody has written yet, in any draft and style, and not always valid. */
export function randomToolSchema(random: Random): Schema {
  const definitions = random.chance(0.4) ? ['Node', 'Item/x'] : [];
  const isOlder = random.chance(0.5);
  const holder = isOlder ? 'definitions' : '$defs';
  const root = { ...objectSchema(0), ...(random.chance(0.3) && combination(0)), type: 'object' };
  if (random.chance(0.1)) return { type: 'object', [random.pick(['anyOf', 'oneOf', 'allOf'])]: several(0) };
  if (definitions.length === 0) return root;
  return { ...root, [holder]: Object.fromEntries(definitions.map((name) => [name, anySchema(1)])) };

  function anySchema(depth: number, isBranch = false): unknown {
    if (definitions.length > 0 && random.chance(0.12)) {
      const reference = { $ref: `#/${holder}/${random.pick(definitions).replace('/', '~1')}` };
      return random.chance(0.3) ? { ...reference, description: 'One of them.' } : reference;
    }
    if (depth > 3) return scalarSchema();
    const kind = random.integer(0, 20);
    if (kind === 0) return isBranch ? scalarSchema() : random.pick([true, {}, { description: 'Anything.' }]);
    if (kind === 1)
      return random.pick([{ enum: ['a', 1, null] }, { const: 'a' }, { enum: [{ a: 1 }, [1]] }, { const: 5 }]);
    if (kind === 2) return { ...combination(depth), ...(random.chance(0.3) && { description: 'A choice.' }) };
    if (kind === 3) return { ...objectSchema(depth), ...combination(depth) };
    if (kind === 4) return { ...objectSchema(depth), type: ['object', random.pick(['null', 'string'])] };
    if (kind === 5)
      return random.pick([{ properties: { a: scalarSchema() } }, { items: scalarSchema() }, { minimum: 3 }]);
    if (kind < 10) return arraySchema(depth);
    return kind < 14 ? objectSchema(depth) : scalarSchema();
  }

  function several(depth: number): unknown[] {
    return Array.from({ length: random.integer(1, 3) }, () => anySchema(depth + 1, true));
  }

  function combination(depth: number): Schema {
    const names = (): string[] => [random.pick(['a', 'b', 'kind', 'items'])];
    return random.pick<() => Schema>([
      () => ({ anyOf: several(depth) }),
      () => ({ oneOf: several(depth) }),
      () => ({ allOf: several(depth) }),
      () => ({ anyOf: [anySchema(depth + 1, true), { type: 'null' }] }),
      () => ({ anyOf: [{ required: names() }, { required: names() }] }),
      () => ({ not: { required: names() } }),
      () => ({
        if: { properties: { kind: { const: 'a' } } },
        then: { properties: { extra: scalarSchema() }, required: ['extra'] },
      }),
      () => ({ if: { required: names() }, then: { required: names() }, else: without(objectSchema(3)) }),
      () =>
        isOlder ? { dependencies: { a: names(), b: without(objectSchema(3)) } } : { dependentRequired: { a: names() } },
    ])();
  }

  // A condition is no place to say whether there are other keys.
  function without({ additionalProperties: _others, patternProperties: _byPattern, ...rest }: Schema): Schema {
    return rest;
  }

  function objectSchema(depth: number): Schema {
    const names = [...new Set(Array.from({ length: random.integer(0, 4) }, () => random.pick(keys)))];
    const properties = Object.fromEntries(names.map((name) => [name, anySchema(depth + 1)]));
    const required = names.filter(() => random.chance(0.5));
    return {
      type: 'object',
      ...((names.length > 0 || random.chance(0.5)) && { properties }),
      ...(required.length > 0 && { required }),
      ...(random.chance(0.5) && {
        additionalProperties: random.pick([false, false, true, {}, scalarSchema(), anySchema(depth + 1)]),
      }),
      ...(random.chance(0.08) && { patternProperties: { [random.pick(patterns)]: anySchema(depth + 1) } }),
      ...(random.chance(0.05) && { propertyNames: { pattern: '^[\\w $]+$' } }),
      ...(random.chance(0.05) && { minProperties: 1 }),
    };
  }

  function arraySchema(depth: number): Schema {
    return random.pick<() => Schema>([
      () => ({ type: 'array', items: anySchema(depth + 1) }),
      () => ({ type: 'array', items: anySchema(depth + 1), minItems: 1, maxItems: 3, uniqueItems: random.chance(0.5) }),
      () => ({ type: 'array' }),
      () => tuple([scalarSchema(), anySchema(depth + 1)], random.pick([false, scalarSchema()])),
      () => ({ type: 'array', items: scalarSchema(), contains: { type: 'string' } }),
    ])();
  }

  function tuple(positions: unknown[], others: unknown): Schema {
    return isOlder
      ? { type: 'array', items: positions, additionalItems: others }
      : { type: 'array', prefixItems: positions, items: others };
  }

  function scalarSchema(): Schema {
    if (random.chance(0.02)) return { type: random.pick(['file', 5]), description: 'What is this?' };
    return {
      ...random.pick<() => Schema>([
        () => ({ type: 'string' }),
        () => ({ type: 'string', minLength: 1, maxLength: 8 }),
        () => ({ type: 'string', pattern: random.pick(patterns) }),
        () => ({ type: 'string', format: random.pick(formats) }),
        () => ({ type: 'string', enum: ['a', 'b', 'c'] }),
        () => ({ type: 'string', const: random.pick(['a', 'b']) }),
        () => ({ type: 'integer', minimum: 0, exclusiveMinimum: random.pick([true, false]) }),
        () => ({ type: 'number', exclusiveMinimum: 0, maximum: 50 }),
        () => ({ type: 'integer', multipleOf: 5 }),
        () => ({ type: 'boolean' }),
        () => ({ type: ['string', 'null'] }),
        () => ({ type: ['integer', 'string'], minLength: 2 }),
        () => ({ type: 'string', nullable: true }),
        () => ({ type: 'null' }),
      ])(),
      ...(random.chance(0.2) && { description: 'Some text.' }),
      ...(random.chance(0.15) && { default: random.pick(['a', 1]) }),
      ...(random.chance(0.03) && random.pick([{ required: true }, { enum: 'a' }, { minLength: '1' }, { items: 3 }])),
    };
  }
}
