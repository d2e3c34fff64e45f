import { Broadcast } from './broadcast.ts';
import { isMcpError, McpError } from './errors.ts';
import { isObject, type JsonObject } from './protocol/jsonrpc.ts';
import { metaKey } from './protocol/revision-2026-07-28.ts';
import type { Connection } from './open-connection.ts';
import { reopenDelay } from './retry.ts';
import type { Session } from './session.ts';
import { sleep, withTimeout } from './signals.ts';

/** What a subscription wants to hear of. */
export interface SubscriptionFilter {
  /** URIs of single resources. */
  resources?: readonly string[];
  /** The list of tools. */
  tools?: boolean;
  prompts?: boolean;
  resourceList?: boolean;
}

/** Something on the server is not what it was. */
export type Change =
  | { type: 'resource'; uri: string }
  | { type: 'tools' }
  | { type: 'prompts' }
  | { type: 'resourceList' };

/** Changes as they come, until it is closed; throws what ended it when the server is given up (`crash-loop`). */
export interface Subscription extends AsyncIterable<Change> {
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The change that a notification tells of. */
export function changeOf(method: string, params: JsonObject): Change | undefined {
  if (method === 'notifications/resources/updated') return { type: 'resource', uri: String(params['uri']) };
  return Object.hasOwn(listChanges, method) ? listChanges[method] : undefined;
}

const listChanges: Record<string, Change> = {
  'notifications/tools/list_changed': { type: 'tools' },
  'notifications/prompts/list_changed': { type: 'prompts' },
  'notifications/resources/list_changed': { type: 'resourceList' },
};

/** All subscriptions of one client, in the way of its era: single `resources/subscribe`, or one stream each. */
export class Subscriptions {
  readonly #session: Session;
  /** Told what a server leaves out of what was asked for. */
  readonly #onRefused: (what: string) => void;
  readonly #random: () => number;
  readonly #open = new Set<Entry>();
  #following: Promise<void> | undefined;

  constructor(session: Session, onRefused: (what: string) => void, random: () => number = Math.random) {
    this.#session = session;
    this.#onRefused = onRefused;
    this.#random = random;
  }

  async open(filter: SubscriptionFilter): Promise<Subscription> {
    const { era } = await this.#session.connect();
    void (this.#following ??= this.#followSession());
    const entry: Entry = { filter, changes: new Broadcast(), closing: new AbortController() };
    this.#open.add(entry);
    try {
      if (era === 'modern') await this.#openStream(entry);
      else await this.#forEachUri(entry, 'resources/subscribe');
    } catch (error) {
      this.#drop(entry);
      throw error;
    }
    const close = (): Promise<void> => this.#close(entry);
    const changes = entry.changes[Symbol.asyncIterator](); // Collects from now on, also before the loop starts.
    return { close, [Symbol.asyncDispose]: close, [Symbol.asyncIterator]: () => changes };
  }

  /** Hands a notification to whom it belongs. */
  onNotification(method: string, params: JsonObject): void {
    const id = isObject(params['_meta']) ? params['_meta'][metaKey.subscriptionId] : undefined;
    const change = changeOf(method, params);
    for (const entry of this.#open) {
      if (id !== undefined && Number(id) !== entry.streamId) continue;
      if (method === 'notifications/subscriptions/acknowledged') entry.onAcknowledged?.(params['notifications']);
      else if (change !== undefined && wants(entry.filter, change)) entry.changes.emit(change);
    }
  }

  /** Somebody listens. */
  get isWanted(): boolean {
    return this.#open.size > 0;
  }

  /** Tells whoever listens of all that may have changed while nobody could say so. */
  emitAll(): void {
    for (const { filter, changes } of this.#open) for (const change of changesIn(filter)) changes.emit(change);
  }

  /** Tells a new session of the resources that the one before it watched; streams reopen by themselves. */
  async restore({ era, peer }: Connection, timeoutMs: number): Promise<void> {
    if (era === 'modern') return;
    const uris = new Set([...this.#open].flatMap((entry) => entry.filter.resources ?? []));
    for (const uri of uris) await peer.request('resources/subscribe', { uri }, { timeoutMs, maxTotalMs: timeoutMs });
  }

  closeAll(): void {
    for (const entry of this.#open) this.#drop(entry);
  }

  async #close(entry: Entry): Promise<void> {
    if (!this.#open.has(entry)) return;
    this.#drop(entry);
    if (this.#session.era !== 'legacy') return; // Not connected: a new session is not told of it.
    await this.#forEachUri(entry, 'resources/unsubscribe').catch(() => {}); // It is given up all the same.
  }

  #drop(entry: Entry, reason?: Error): void {
    this.#open.delete(entry);
    entry.closing.abort();
    entry.changes.end(reason);
  }

  /** Nobody tries any more to reach a server that is given up: whoever listens must know. */
  async #followSession(): Promise<void> {
    for await (const status of this.#session.status())
      if (status.type === 'closed' && status.reason !== undefined)
        for (const entry of this.#open) this.#drop(entry, status.reason);
  }

  async #forEachUri(entry: Entry, method: string): Promise<void> {
    const stillWanted = new Set(
      [...this.#open].filter((other) => other !== entry).flatMap((other) => other.filter.resources ?? []),
    );
    for (const uri of entry.filter.resources ?? []) {
      if (!stillWanted.has(uri)) await this.#session.request({ method, params: { uri }, options: {} });
    }
  }

  /** Settles when the server has acknowledged the stream, which then stays open until it is closed from this side. */
  #openStream(entry: Entry): Promise<void> {
    const acknowledged = new Promise<void>((resolve, reject) => {
      entry.onAcknowledged = (granted) => {
        try {
          this.#checkGranted(wireFilter(entry.filter), granted);
          if (entry.isAcknowledged === true) this.#session.resync();
          entry.isAcknowledged = true;
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      const ended = new McpError('connection-closed', 'The subscription ended before the server acknowledged it');
      this.#keepListening(entry).then(() => reject(ended), reject);
    });
    return withTimeout(acknowledged, acknowledgeTimeoutMs, () => {
      return new McpError(
        'timeout',
        `The server did not acknowledge the subscription within ${acknowledgeTimeoutMs} ms`,
      );
    });
  }

  /** A server may acknowledge less than it was asked for: nobody should wait for changes that never come. */
  #checkGranted(asked: JsonObject, granted: unknown): void {
    if (!isObject(granted)) return; // It does not say: then all of it.
    const refused = Object.keys(asked).filter((key) => granted[key] === undefined || granted[key] === false);
    if (refused.length === 0) return;
    if (refused.length === Object.keys(asked).length) {
      const text = `The server tells of no changes of this kind: ${refused.join(', ')}`;
      throw new McpError('unsupported-capability', text, { delivered: 'yes' });
    }
    this.#onRefused(`the server leaves out ${refused.join(', ')}`);
  }

  /** A stream that was acknowledged once is opened again whenever it is lost. */
  async #keepListening(entry: Entry): Promise<void> {
    const { signal } = entry.closing;
    for (let failures = 0; !signal.aborted; failures++) {
      const openedAt = Date.now();
      try {
        await this.#session.listen({ notifications: wireFilter(entry.filter) }, signal, (id) => (entry.streamId = id));
        this.#drop(entry); // The server ended it in an orderly way.
      } catch (error) {
        if (!signal.aborted && entry.isAcknowledged !== true) throw error;
        if (isMcpError(error) && error.code === 'crash-loop') this.#drop(entry, error);
      }
      if (Date.now() - openedAt > 5000) failures = 0;
      await sleep(reopenDelay(failures, undefined, this.#random), signal).catch(() => {}); // Closing ends the loop.
    }
  }
}

const acknowledgeTimeoutMs = 15_000;

function wireFilter({ resources, tools, prompts, resourceList }: SubscriptionFilter): JsonObject {
  return {
    ...(tools === true && { toolsListChanged: true }),
    ...(prompts === true && { promptsListChanged: true }),
    ...(resourceList === true && { resourcesListChanged: true }),
    ...(resources !== undefined && { resourceSubscriptions: resources }),
  };
}

interface Entry {
  filter: SubscriptionFilter;
  changes: Broadcast<Change>;
  closing: AbortController;
  /** The id of the request that holds the stream open. */
  streamId?: number;
  onAcknowledged?: (granted: unknown) => void;
  isAcknowledged?: true;
}

/** Every change that a filter asks for. */
function changesIn({ resources = [], tools, prompts, resourceList }: SubscriptionFilter): Change[] {
  return [
    ...(tools === true ? [{ type: 'tools' } as const] : []),
    ...(prompts === true ? [{ type: 'prompts' } as const] : []),
    ...(resourceList === true ? [{ type: 'resourceList' } as const] : []),
    ...resources.map((uri) => ({ type: 'resource', uri }) as const),
  ];
}

function wants(filter: SubscriptionFilter, change: Change): boolean {
  // A server may tell of a part of what was subscribed to.
  if (change.type === 'resource') return filter.resources?.some((uri) => change.uri.startsWith(uri)) === true;
  return filter[change.type] === true;
}
