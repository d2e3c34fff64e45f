import { isObject, type JsonObject } from './protocol/jsonrpc.ts';
import type { Change } from './subscriptions.ts';

const maxEntries = 500;

/** Answers that the server allows to be used again (`ttlMs`, 2026-07-28), for one client and so for one set of credentials. */
export class ResponseCache {
  readonly #entries = new Map<string, { method: string; result: unknown; freshUntil: number }>();

  #invalidations = 0;

  /** A copy of what is fresh: who changes it changes nothing for others. */
  get(method: string, params: JsonObject): unknown {
    const key = keyOf(method, params);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (Date.now() < entry.freshUntil) return structuredClone(entry.result);
    this.#entries.delete(key);
    return undefined;
  }

  /** Marks the moment at which a request is sent, for `set`. */
  get version(): number {
    return this.#invalidations;
  }

  /** Keeps an answer for as long as it says, unless something was invalidated since its request: it may be out of date. */
  set(method: string, params: JsonObject, result: unknown, version: number = this.version): void {
    if (version !== this.version) return;
    const ttlMs = isObject(result) ? result['ttlMs'] : undefined;
    if (typeof ttlMs !== 'number' || !(ttlMs > 0)) return;
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size >= maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    const freshUntil = Date.now() + ttlMs;
    this.#entries.set(keyOf(method, params), { method, result: structuredClone(result), freshUntil });
  }

  /** Forgets the answers that a change makes out of date. */
  invalidate(change: Change['type']): void {
    this.#invalidations++;
    for (const [key, { method }] of this.#entries) if (outdatedBy[change].includes(method)) this.#entries.delete(key);
  }

  clear(): void {
    this.#invalidations++;
    this.#entries.clear();
  }
}

const outdatedBy: Record<Change['type'], readonly string[]> = {
  tools: ['tools/list'],
  prompts: ['prompts/list'],
  resourceList: ['resources/list', 'resources/templates/list'],
  resource: ['resources/read'],
};

function keyOf(method: string, params: JsonObject): string {
  return JSON.stringify([method, params]);
}
