const hidden = '[redacted]';

/** Secrets that were given to a client, to be kept out of everything it says. */
export class Secrets {
  readonly #texts = new Set<string>();

  add(texts: readonly string[]): void {
    // What is so short is no secret, and would be found in any text.
    for (const text of texts) if (text.length >= 4) this.#texts.add(text);
  }

  /** The text without the secrets in it. */
  hide(text: string): string {
    let safe = text;
    for (const secret of this.#texts) safe = safe.replaceAll(secret, hidden);
    return safe;
  }
}
