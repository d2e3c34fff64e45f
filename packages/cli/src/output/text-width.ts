/** What fills two columns of a terminal: East Asian wide characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const mark = /^\p{M}$/u;

/** How many columns of a terminal `text` fills. */
export function widthOf(text: string): number {
  // Most text is ASCII, where a character is a column.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** `text` with spaces after it, up to `width` columns. */
export function padWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** `text` cut to less than `columns`, with a dot for what is missing; whole where there is no terminal. */
export function fitWidth(text: string, columns: number | undefined): string {
  if (columns === undefined || columns <= 1 || widthOf(text) < columns) return text;
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns - 2) break;
    kept += character;
  }
  return `${kept}…`;
}

function widthOfCharacter(character: string): number {
  if (mark.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
