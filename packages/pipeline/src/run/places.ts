import type { Step } from '../definition.ts';
import { PipelineError } from '../errors.ts';
import type { Scope } from '../expression/evaluate.ts';
import { evaluateText, fill } from '../expression/template.ts';

/** What a step is done for: one item of its list, or the whole run. */
export interface Place {
  /** Undefined for a step without `forEach`. */
  readonly key: string | undefined;
  readonly item: unknown;
  /** What the steps before it made of the same item, by their ids. */
  readonly results: Readonly<Record<string, unknown>>;
}

/** The places of a step; `earlier` are those that each step with `forEach` has done. */
export function placesOf(step: Step, scope: Scope, earlier: ReadonlyMap<string, readonly Place[]>): Place[] {
  if (!('forEach' in step) || step.forEach === undefined) return [{ key: undefined, item: undefined, results: {} }];
  const { forEach } = step;
  const done = typeof forEach === 'string' ? earlier.get(forEach) : undefined;
  if (done !== undefined) return [...done];
  const items = typeof forEach === 'string' ? evaluateText(forEach, scope) : fill(forEach, scope);
  if (!Array.isArray(items)) throw new PipelineError('expression-invalid', 'forEach is no list');
  const places = items.map((item: unknown): Place => ({ key: keyOf(step.key, item, scope), item, results: {} }));
  const seen = new Map<string | undefined, number>();
  for (const [index, { key }] of places.entries()) {
    const first = seen.get(key);
    if (first !== undefined)
      throw new PipelineError('expression-invalid', `Items ${first} and ${index} have the same key, ${String(key)}`);
    seen.set(key, index);
  }
  return places;
}

function keyOf(template: string | undefined, item: unknown, scope: Scope): string {
  const key = template === undefined ? item : fill(template, { ...scope, item });
  const isPlain = typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean';
  if (!isPlain)
    throw new PipelineError('expression-invalid', 'An item has no plain key: give `key` a text or number of it');
  return String(key);
}

/** What the texts of a step may refer to at a place. */
export function scopeAt(place: Place, scope: Scope): Scope {
  if (place.key === undefined) return scope;
  return { ...scope, ...place.results, item: place.item, key: place.key };
}
