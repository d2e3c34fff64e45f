import { isObject, type JsonObject } from '../jsonrpc.ts';
import type { PathStep } from './json-path.ts';

/** Why a value does not fit; `path` leads from that value to the part that is wrong. */
export interface Fault {
  readonly path: readonly PathStep[];
  /** Short, like "integer" or "one of: a, b". */
  readonly expected: string;
  /** The rest of a sentence that begins with the path. */
  readonly problem: string;
  /** True when the part is required and not there. */
  readonly isMissing?: boolean;
}

/** One walk through a schema and a value. */
export interface SchemaWalk {
  check(schema: unknown, value: unknown): Fault | undefined;
  /** Ends the walk when it has taken too long; called before each piece of work that is no `check`. */
  tick(): void;
  /** Whether `text` matches `pattern`; undefined when that could take long or the pattern is none. */
  matches(pattern: string, text: string): boolean | undefined;
  /** The schema that a local `$ref` names; undefined when there is none. */
  resolve(reference: unknown): unknown;
  /** Notes that something was not checked, so that "no fault" does not mean "fits". */
  skip(): void;
  /** True when `check` found no fault and left nothing unchecked. */
  certainlyFits(schema: unknown, value: unknown): boolean;
}

/** Checks what one keyword of `schema` says; a spelling that it does not know is for `walk.skip()`. */
export type Keyword = (expectation: unknown, value: unknown, walk: SchemaWalk, schema: JsonObject) => Fault | undefined;

export function fault(expected: string, problem: string = `must be ${expected}`): Fault {
  return { path: [], expected, problem };
}

/** The same fault, seen from the value that holds `step`. */
export function inside(step: PathStep, found: Fault): Fault {
  return { ...found, path: [step, ...found.path] };
}

/** A member that is really there: inherited ones do not count, and JSON leaves undefined ones out. */
export function own(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Wraps the check of a keyword that speaks of strings, numbers, arrays or objects only. */
export function forStrings(
  check: (expectation: unknown, text: string, walk: SchemaWalk) => Fault | undefined,
): Keyword {
  return (expectation, value, walk) => (typeof value === 'string' ? check(expectation, value, walk) : undefined);
}

export function forObjects(
  check: (expectation: unknown, value: JsonObject, walk: SchemaWalk, schema: JsonObject) => Fault | undefined,
): Keyword {
  return (expectation, value, walk, schema) => (isObject(value) ? check(expectation, value, walk, schema) : undefined);
}

export function forArrays(
  check: (expectation: unknown, items: readonly unknown[], walk: SchemaWalk, schema: JsonObject) => Fault | undefined,
): Keyword {
  return (expectation, value, walk, schema) =>
    Array.isArray(value) ? check(expectation, value, walk, schema) : undefined;
}

/** A limit that is a number; anything else is no limit. */
export function forLimit<Value>(
  check: (limit: number, value: Value) => Fault | undefined,
): (expectation: unknown, value: Value, walk: SchemaWalk) => Fault | undefined {
  return (expectation, value, walk) => {
    if (typeof expectation === 'number') return check(expectation, value);
    walk.skip();
    return undefined;
  };
}
