import { excerpt, type JsonObject, type JSONRPCMessage, type Transport } from '@toolwire/client-core';
import { fits } from './fits.ts';
import type { RecordedMessage, Recording } from './recording.ts';

/** A message as it is read here: any of the kinds that JSON-RPC knows. */
interface Message {
  id?: string | number;
  method?: string;
  params?: JsonObject;
}

interface Entry {
  readonly from: RecordedMessage['from'];
  readonly message: Message;
  done: boolean;
}

const subscriptionId = 'io.modelcontextprotocol/subscriptionId';

/** How a recording is played. */
export interface ReplayOptions {
  /** Answers a request that is sent more often than it was recorded as it was answered last. Default false: with an error. */
  repeat?: boolean | undefined;
}

/**
 * Plays the server of a recording. A request is answered as the first recorded one with the same method and params was
 * (ids and `_meta` aside), each once; one that was not recorded is answered with a JSON-RPC error that says so. Where
 * the recording reads `[redacted]`, any text fits.
 */
export function replayTransport(recording: Recording, options: ReplayOptions = {}): Transport {
  return new ReplayTransport(recording, options);
}

class ReplayTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];
  readonly #entries: Entry[];
  /** From the ids and progress tokens of recorded requests to those of the client. */
  readonly #ids = new Map<unknown, string | number>();
  readonly #tokens = new Map<unknown, unknown>();
  readonly #repeats: boolean;
  #closed = false;

  constructor({ messages }: Recording, { repeat = false }: ReplayOptions) {
    this.#repeats = repeat;
    // A recorded message is JSON-RPC; a copy, so that a recording can be replayed again.
    this.#entries = structuredClone(messages).map(({ from, message }) => ({
      from,
      message: message as Message,
      done: false,
    }));
  }

  async start(): Promise<void> {
    this.#play();
  }

  async send(sent: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new Error('The replay is closed');
    const message = sent as Message;
    const entry =
      this.#entries.find((candidate) => !candidate.done && isSame(candidate, message)) ?? this.#again(message);
    if (entry !== undefined) this.#match(entry, message);
    else if (isRequest(message)) this.#refuse(message);
    this.#play();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
  }

  /** The last request of its kind, with its answer to be played once more. */
  #again(sent: Message): Entry | undefined {
    if (!this.#repeats || !isRequest(sent)) return undefined;
    const entry = this.#entries.findLast((candidate) => isSame(candidate, sent));
    const effects = this.#entries.filter(
      ({ from, message }) => from === 'server' && belongsTo(entry?.message, message),
    );
    for (const effect of effects) effect.done = false;
    return entry;
  }

  #match(entry: Entry, sent: Message): void {
    entry.done = true;
    if (!isRequest(sent)) return;
    this.#ids.set(entry.message.id, sent.id);
    this.#tokens.set(metaOf(entry.message)['progressToken'], metaOf(sent)['progressToken']);
  }

  #refuse({ id, method, params }: Message & { id: string | number }): void {
    const recorded = this.#entries.filter((entry) => entry.from === 'client' && entry.message.method === method);
    const asked = `${method} ${JSON.stringify(withoutMeta(params))}`;
    const reason = recorded.some((entry) => fits(withoutMeta(entry.message.params), withoutMeta(params)))
      ? 'was recorded fewer times than it is asked'
      : 'was not recorded';
    // Codes that no client takes for a passing trouble; an unknown method also lets a handshake try another one.
    const code = recorded.length === 0 ? -32601 : -32602;
    this.#deliver({ id, error: { code, message: `${excerpt(asked)} ${reason}` } });
  }

  /** Delivers everything that the server had sent by this point of the conversation. */
  #play(): void {
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.from !== 'server' || entry.done || !this.#isDue(entry.message, index)) continue;
      entry.done = true;
      this.#deliver(this.#translated(entry.message));
    }
  }

  #isDue(message: Message, index: number): boolean {
    const before = this.#entries.slice(0, index);
    const cause = before.findLastIndex((entry) => entry.from === 'client' && isCause(entry.message, message));
    if (cause !== -1 && before[cause]?.done === false) return false;
    // An answer that waited for an answer of the client waits for it again.
    return before
      .slice(Math.max(cause, 0))
      .every((entry) => entry.from === 'server' || entry.done || !isAnswer(entry.message));
  }

  #translated(message: Message): object {
    if (isAnswer(message)) return { ...message, id: this.#ids.get(message.id) ?? message.id };
    const { params = {} } = message;
    const meta = metaOf(message);
    const translated: JsonObject = { ...params };
    if ('progressToken' in params) translated['progressToken'] = this.#tokens.get(params['progressToken']);
    if (subscriptionId in meta) {
      translated['_meta'] = { ...meta, [subscriptionId]: translatedId(this.#ids, meta[subscriptionId]) };
    }
    return message.params === undefined ? message : { ...message, params: translated };
  }

  #deliver(message: object): void {
    // What is delivered is a recorded message with other ids, or an error made here.
    const complete = { jsonrpc: '2.0', ...message } as JSONRPCMessage;
    queueMicrotask(() => {
      if (!this.#closed) this.onmessage?.(complete);
    });
  }
}

/** Is it this recorded message that the client sends now? */
function isSame({ from, message }: Entry, sent: Message): boolean {
  if (from !== 'client' || message.method !== sent.method) return false;
  if (isAnswer(sent)) return message.id === sent.id; // Requests of the server keep their recorded ids.
  if (isRequest(sent) !== isRequest(message)) return false;
  if (sent.method === 'initialize') return true; // The client's name and version are not what the answer depends on.
  return fits(withoutMeta(message.params), withoutMeta(sent.params));
}

/** Is `effect` the answer to `sent`, or its progress? Undefined where it can be neither. */
function belongsTo(sent: Message | undefined, effect: Message): boolean | undefined {
  if (isAnswer(effect)) return sent !== undefined && isRequest(sent) && sent.id === effect.id;
  const token = effect.params?.['progressToken'];
  return token === undefined ? undefined : sent !== undefined && metaOf(sent)['progressToken'] === token;
}

/** Did the server send `effect` because of `sent`? What belongs to no request follows whatever the client sent last. */
function isCause(sent: Message, effect: Message): boolean {
  const belongs = belongsTo(sent, effect);
  if (belongs !== undefined) return belongs;
  const subscription = metaOf(effect)[subscriptionId];
  if (subscription !== undefined) return isRequest(sent) && isSameId(sent.id, subscription);
  return true;
}

/** An id of the client for a recorded one; servers may write a number as a string. */
function translatedId(ids: ReadonlyMap<unknown, string | number>, recorded: unknown): unknown {
  const found = [...ids].find(([id]) => isSameId(id, recorded))?.[1];
  return typeof recorded === 'string' && found !== undefined ? String(found) : found;
}

function isSameId(left: unknown, right: unknown): boolean {
  return `${left as string | number}` === `${right as string | number}`; // Ids are nothing else.
}

function isRequest(message: Message): message is Message & { id: string | number } {
  return message.method !== undefined && message.id !== undefined;
}

function isAnswer(message: Message): boolean {
  return message.method === undefined;
}

function metaOf({ params }: Message): JsonObject {
  return (params?.['_meta'] ?? {}) as JsonObject; // The protocol's word: `_meta` is an object.
}

function withoutMeta(params: JsonObject = {}): JsonObject {
  const { _meta, ...rest } = params;
  return rest;
}
