import { isObject } from '../protocol/jsonrpc.ts';
import { isCredentialName } from './credentials.ts';

/** Shorter ones would blot out ordinary words, and guard nothing. */
const shortestSecret = 6;
/** Tokens that are renewed all day long must not pile up. */
const mostSecrets = 64;

const hidden = '[redacted]';

/** What must not be read in any error or log, as it becomes known: servers repeat what they are sent. */
export class Secrets {
  readonly #values = new Set<string>();

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  add(value: string | undefined): void {
    if (value === undefined || value.length < shortestSecret || this.#values.has(value)) return;
    const [oldest = ''] = this.#values;
    if (this.#values.size >= mostSecrets) this.#values.delete(oldest);
    this.#values.add(value);
  }

  /** The values of those that are named like a credential (`Bearer abc` is a secret, and so is `abc`), or are URLs with one. */
  addNamed(values: Readonly<Record<string, string>> = {}): void {
    for (const [name, value] of Object.entries(values)) {
      if (/^[\w+.-]+:\/\/[^/]*@/.test(value) && URL.canParse(value)) this.addUrl(new URL(value));
      if (!isCredentialName(name)) continue;
      this.add(value);
      this.add(/^\S+ +(\S.*)$/.exec(value)?.[1]);
    }
  }

  /** User and password, and whatever the query says. */
  addUrl({ username, password, searchParams }: URL): void {
    const decoded = [username, password].map(decode);
    if (password !== '') this.add(toBase64(decoded.join(':')));
    for (const part of [username, password, ...decoded, ...searchParams.values()]) {
      this.add(part);
      this.add(encodeURIComponent(part));
    }
  }

  hide(text: string): string {
    const longestFirst = [...this.#values].toSorted((one, other) => other.length - one.length); // One may be a part of another.
    return longestFirst.reduce((rest, value) => withoutRest(rest.replaceAll(value, hidden), value), text);
  }

  /** The same JSON value, its texts and keys without secrets. */
  hideIn(value: unknown): unknown {
    if (typeof value === 'string') return this.hide(value);
    if (Array.isArray(value)) return value.map((item) => this.hideIn(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [this.hide(key), this.hideIn(part)]));
  }

  /** The same error: the texts of it and of its causes are hidden in place. */
  hideInError<Failure>(error: Failure): Failure {
    let at: unknown = error;
    for (let depth = 0; at instanceof Error && depth < 8; depth += 1) {
      for (const [key, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        const isText = typeof value === 'string' && !programs.includes(key);
        if (writable === true && (isText || key === 'data'))
          Object.defineProperty(at, key, { value: this.hideIn(value) });
      }
      at = at.cause;
    }
    return error;
  }
}

/** Read by programs, and never a server's words: a query may say `timeout`, too. */
const programs: readonly string[] = ['code', 'delivered', 'header', 'name'];

const cut = '…';

/** A secret that was cut in two by an excerpt, or by the end of a piece of stderr, is one still. */
function withoutRest(text: string, secret: string): string {
  if (secret.includes(' ')) return text; // What follows the scheme is a secret of its own.
  const [first, last] = [secret.slice(0, shortestSecret), secret.slice(-shortestSecret)];
  if (!text.includes(first) && !text.includes(last)) return text;
  let safe = text;
  for (let length = secret.length - 1; length >= shortestSecret; length -= 1) {
    const [head, tail] = [secret.slice(0, length), secret.slice(-length)];
    safe = safe.replaceAll(head + cut, hidden + cut);
    if (safe.endsWith(head)) safe = safe.slice(0, -length) + hidden;
    if (safe.startsWith(tail)) safe = hidden + safe.slice(length);
  }
  return safe;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that stands for itself.
  }
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
