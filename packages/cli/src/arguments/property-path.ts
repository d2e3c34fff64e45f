import { isOpen, propertiesOf, typesOf } from './schema.ts';

/** A place in a tool's arguments, and the schema of what belongs there. */
export interface PropertyPlace {
  readonly path: readonly string[];
  readonly schema: unknown;
}

/** How names are compared: as written, or without regard to `-`, `_` and case. */
export type Matching = 'exact' | 'loose';

/** The place that `written` (`name`, or `outer.inner`) means; all of them if it is ambiguous, none if unknown. */
export function findPlaces(
  written: string,
  schema: unknown,
  root: unknown,
  matching: Matching,
): readonly PropertyPlace[] {
  const properties = propertiesOf(schema, root);
  const whole = matchNames(written, properties, matching);
  if (whole.length > 0) return whole.map((name) => ({ path: [name], schema: properties.get(name) }));
  const dot = written.indexOf('.');
  if (dot <= 0 || dot === written.length - 1) return [];
  const outer = matchNames(written.slice(0, dot), properties, matching);
  return outer.flatMap((name) => findInside(name, written.slice(dot + 1), properties.get(name), root, matching));
}

function findInside(
  name: string,
  rest: string,
  schema: unknown,
  root: unknown,
  matching: Matching,
): readonly PropertyPlace[] {
  const types = typesOf(schema, root);
  if (types.length > 0 && !types.includes('object')) return [];
  const inner = findPlaces(rest, schema, root, matching);
  if (inner.length > 0) return inner.map((place) => ({ path: [name, ...place.path], schema: place.schema }));
  return isOpen(schema, root) ? [{ path: [name, ...rest.split('.')], schema: undefined }] : [];
}

function matchNames(written: string, properties: ReadonlyMap<string, unknown>, matching: Matching): readonly string[] {
  if (properties.has(written)) return [written];
  if (matching === 'exact') return [];
  const wanted = fold(written);
  return [...properties.keys()].filter((name) => fold(name) === wanted);
}

function fold(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
