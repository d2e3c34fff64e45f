/**
 * What can move the cursor, talk to the terminal, reorder or hide text: C0 except newline and tab, DEL, C1, bidirectional
 * and zero-width characters, line separators, and the tag characters and variation selectors of plane 14.
 */
export const dangerous: RegExp =
  // eslint-disable-next-line no-control-regex -- control characters are what it is for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Text of a server made safe to print: what a terminal would act on is written out, as `\x1b` or `\u{202e}`. */
export function sanitize(text: string): string {
  // A carriage return before a newline moves nothing: the files of half the world end their lines so.
  return text.replaceAll('\r\n', '\n').replaceAll(dangerous, escapeCharacter);
}

/** Like `sanitize`, on one line. */
export function sanitizeLine(text: string): string {
  return sanitize(text.replaceAll(/\s+/g, ' ').trim());
}

/** JSON that a terminal does not act on, and that parses to the same value. */
export function safeJson(value: unknown, indent: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  return text.replaceAll(dangerous, (character) => character.split('').map(escapeUnit).join(''));
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
