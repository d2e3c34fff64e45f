import { parseDuration } from '../duration.ts';

/** What a value must be, or undefined when it is that. */
export type Rule = (value: unknown) => string | undefined;

/** The rule that a value satisfies `holds`. */
function rule(expected: string, holds: (value: unknown) => boolean): Rule {
  return (value) => (holds(value) ? undefined : expected);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names of headers and variables whose values are secrets. */
export const secretName: RegExp =
  /token|auth(?!or(?!i))|passw|secret|cookie|credential|api[-_]?key|private[-_]?key|^(pwd|pass|pin|jwt)$/i;

export const text: Rule = rule('a text', (value) => typeof value === 'string' && value.trim() !== '');
export const flag: Rule = rule('true or false', (value) => typeof value === 'boolean');
export const count: Rule = rule(
  'a whole number, 1 or more',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1, // It is a number, as the left side says.
);
export const duration: Rule = rule(
  'a time like 500ms, 30s, 5m, 2h or 1d',
  (value) => parseDuration(value) !== undefined,
);
export const object: Rule = rule('an object', isObject);
export const anything: Rule = () => undefined;
export const texts: Rule = rule(
  'a list of texts',
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
);
export const version: Rule = rule(
  'a number or a text',
  (value) => typeof value === 'number' || typeof value === 'string',
);
export const condition: Rule = rule(
  'an expression, true or false',
  (value) => typeof value === 'boolean' || text(value) === undefined,
);
export const list: Rule = rule(
  'a list, ${{ … }}, or the id of an earlier step with forEach',
  (value) => Array.isArray(value) || text(value) === undefined,
);
export const onError: Rule = rule('stop or continue', (value) => value === 'stop' || value === 'continue');
export const toolName: Rule = rule(
  'server.tool or server/tool',
  (value) => typeof value === 'string' && /^[^\s./]+[./]\S+$|^[^\s/]+\/\S+$/.test(value),
);
export const name: Rule = rule(
  'letters, digits, _ and -, beginning with a letter',
  (value) => typeof value === 'string' && /^[A-Za-z][\w-]{0,63}$/.test(value),
);
