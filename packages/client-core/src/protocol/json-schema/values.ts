import { canonicalJson } from '../canonical-json.ts';

/** The JSON type of a value; whole numbers are `integer`. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** The text of a value, the same for equal values whatever the order of their keys; undefined when it has none. */
export function canonicalText(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined; // Too deep, or a cycle.
  }
}

export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  const text = canonicalText(one);
  return text !== undefined && text === canonicalText(other);
}

/** The number of characters as JSON Schema counts them: a pair of surrogates is one. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    if (isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1))) count -= 1;
  }
  return count;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd8_00 && unit <= 0xdb_ff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc_00 && unit <= 0xdf_ff;
}

const maxListed = 20;
const maxTextLength = 100;

/** `a, b, c`, cut to 20 values. */
export function listValues(values: readonly unknown[]): string {
  const listed = values.slice(0, maxListed).map((value) => (typeof value === 'string' ? cut(value) : showValue(value)));
  const others = values.length - listed.length;
  return others === 0 ? listed.join(', ') : `${listed.join(', ')} and ${others} more`;
}

export function showValue(value: unknown): string {
  return cut(canonicalText(value) ?? 'another value');
}

export function cut(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}
