import { isObject, type JsonObject } from './protocol/jsonrpc.ts';

const maxEntries = 500;

/** Answers that the server allows to be used again (`ttlMs`, 2026-07-28), for one client and so for one set of credentials. */
export class ResponseCache {
  readonly #entries = new Map<string, { method: string; result: unknown; freshUntil: number }>();

  get(method: string, params: JsonObject): unknown {
    const key = keyOf(method, params);
    const entry = this.#entries.get(key);
    if (entry === undefined || Date.now() < entry.freshUntil) return entry?.result;
    this.#entries.delete(key);
    return undefined;
  }

  set(method: string, params: JsonObject, result: unknown): void {
    const ttlMs = isObject(result) ? result['ttlMs'] : undefined;
    if (typeof ttlMs !== 'number' || !(ttlMs > 0)) return;
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size >= maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(keyOf(method, params), { method, result, freshUntil: Date.now() + ttlMs });
  }

  /** Forgets what was kept of these methods. */
  invalidate(methods: readonly string[]): void {
    for (const [key, entry] of this.#entries) if (methods.includes(entry.method)) this.#entries.delete(key);
  }
}

function keyOf(method: string, params: JsonObject): string {
  return JSON.stringify([method, params]);
}
