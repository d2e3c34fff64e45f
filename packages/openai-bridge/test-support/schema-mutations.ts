import type { Random } from './schema-random.ts';

/** Changes one place of a value in a way that its schema may not allow. */
export function mutated(value: unknown, random: Random): unknown {
  const copy = structuredClone({ root: value });
  const places = placesIn(copy);
  const { holder, key } = random.pick(places.length > 1 ? places.slice(1) : places);
  const current = holder[key];
  const change = random.pick(changes);
  const result = change(current, random);
  if (result === removed && holder !== (copy as unknown)) delete holder[key];
  else if (result !== removed) holder[key] = result;
  return copy.root;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(holder: object): Place[] {
  return Object.entries(holder).flatMap(([key, value]: [string, unknown]) => [
    { holder: holder as Record<string, unknown>, key },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

const removed = Symbol('removed');

const changes: readonly ((value: unknown, random: Random) => unknown)[] = [
  () => removed,
  () => null,
  (value) => (typeof value === 'string' ? 7 : 'seven'),
  (value) => (typeof value === 'boolean' ? 'yes' : true),
  (value) => (Array.isArray(value) ? { 0: 'a' } : []),
  (value) => (typeof value === 'object' && value !== null ? 'text' : { unexpected: 1 }),
  (value) => (typeof value === 'number' ? value + 0.25 : -1),
  (value) => (typeof value === 'number' ? value * -1e6 - 1e12 : 1e15),
  (value) => (typeof value === 'string' ? `${value}${'~'.repeat(400)}` : value),
  (value) => (typeof value === 'string' ? '' : value),
  (value) => (Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[]), 'one too many'] : value),
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, 'not asked for': 1 } : value,
];
