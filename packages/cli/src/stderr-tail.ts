const maxLines = 10;
const maxCharacters = 16_384;

/** Keeps the last lines of what a server writes to stderr. */
export class StderrTail {
  #text = '';

  push(text: string): void {
    this.#text = (this.#text + text).slice(-maxCharacters);
  }

  lines(): readonly string[] {
    return lastLines(this.#text);
  }
}

/** The last ten lines of `text` that are not empty. */
export function lastLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lines.filter((line) => line !== '').slice(-maxLines);
}
