import { isObject } from '../proxy/envelope.ts';

/** What a value must be: equal to this, or what a matcher says. */
export type Match = string | Matcher;

/** Ways to say what a value must be; all that are given must hold. */
export interface Matcher {
  readonly equals?: unknown;
  /** Parts of a text, or elements of a list. */
  readonly contains?: unknown;
  /** A regular expression. */
  readonly matches?: string;
}

/** Why a value is not what was expected; with both where a difference can be shown. */
export interface Mismatch {
  readonly message: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

const words = new Set(['equals', 'contains', 'matches']);

/** True for an object that says nothing but how a value is matched. */
export function isMatcher(value: unknown): value is Matcher {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => words.has(name));
}

/** A regular expression of a matcher; throws where it is none. */
export function patternOf(matches: string): RegExp {
  return new RegExp(matches, 'u');
}

/** Why `actual` is not what is wanted, if so. */
export function match(actual: unknown, wanted: unknown): Mismatch | undefined {
  const matcher: Matcher = isMatcher(wanted) ? wanted : { equals: wanted };
  const missing = [matcher.contains ?? []].flat().find((part) => !contains(actual, part));
  if (missing !== undefined) return { message: `${shown(missing)} is not in ${shown(actual)}` };
  if (matcher.matches !== undefined && !patternOf(matcher.matches).test(textOf(actual)))
    return { message: `${shown(actual)} does not match /${matcher.matches}/` };
  if (!('equals' in matcher) || isEqual(actual, matcher.equals)) return undefined;
  const { equals: expected } = matcher;
  return { message: `expected ${shown(expected)}, got ${shown(actual)}`, expected, actual };
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(whole)) return whole.some((element) => isEqual(element, part));
  return typeof whole === 'string' && typeof part === 'string' && whole.includes(part);
}

function isEqual(left: unknown, right: unknown): boolean {
  return process.getBuiltinModule('node:util').isDeepStrictEqual(left, right);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A value in a line: nothing, where a path leads nowhere. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
