import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import { readLimits } from './limits.ts';
import { createWebhookSender } from './sender.ts';
import type { UnsendableReason, WebhookSender, WebhookSenderOptions } from './sender-types.ts';
import { tell } from './tell.ts';
import { toolEventBody, type EventFormat, type ToolEvent } from './tool-event.ts';

export interface ToolWebhookOptions extends WebhookSenderOptions {
  /** What is sent. Default `['tool_executed']`. */
  readonly events?: readonly ToolEvent['event'][] | undefined;
  /** What is sent in place of an event: without its secrets, say. Undefined sends nothing. */
  readonly redact?: ((event: ToolEvent) => ToolEvent | undefined) | undefined;
  /** `tool-event` (default): `{event, tool, params, result, timestamp, eventId}`; `mcp-event`: `{eventId, name, timestamp, data}`. */
  readonly format?: EventFormat | undefined;
  /** Events with the same key arrive in the order in which their calls ended. Default: no order. */
  readonly orderKey?: ((event: ToolEvent) => string | undefined) | undefined;
}

/** The part of a client's request that is read here. */
export interface ToolRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly options?: { readonly signal?: AbortSignal | undefined };
}

/** An interceptor for clients of `@toolwire/client-core`. */
export interface ToolWebhook extends AsyncDisposable {
  <Request extends ToolRequest>(next: (request: Request) => Promise<unknown>): (request: Request) => Promise<unknown>;
  /** Delivers the events; `sender.close()` before the program ends. */
  readonly sender: WebhookSender;
}

/** Sends a signed webhook for every tool that a client calls; no call waits for it, and no failure of it reaches one. */
export function webhookOnToolExecution(options: ToolWebhookOptions): ToolWebhook {
  const { clock = systemClock, format = 'tool-event', events = ['tool_executed'], redact, orderKey } = options;
  const { maxBodyBytes } = readLimits(options);
  const sender = createWebhookSender(options);
  return Object.assign(intercept, { sender, [Symbol.asyncDispose]: () => sender.close() });

  function intercept<Request extends ToolRequest>(next: Next<Request>): Next<Request> {
    return (request) => (request.method === 'tools/call' ? observe(request, next) : next(request));
  }

  async function observe<Request extends ToolRequest>(request: Request, next: Next<Request>): Promise<unknown> {
    const tool = String(request.params['name']);
    // Taken before the call: whoever made it may change what they gave.
    const params = jsonCopy(request.params['arguments'] ?? {});
    try {
      const result = await next(request);
      hand('tool_executed', () => ({ event: 'tool_executed', tool, params: params(), result }));
      return result;
    } catch (error) {
      const code = codeOf(error, request);
      hand('tool_failed', () => ({ event: 'tool_failed', tool, params: params(), error: { code } }));
      throw error;
    }
  }

  function hand(name: ToolEvent['event'], read: () => ToolEvent): void {
    if (!events.includes(name)) return;
    const id = `evt_${randomUUID()}`;
    let reason: UnsendableReason = 'body_invalid';
    try {
      const event = read();
      reason = 'callback_failed';
      const key = orderKey?.(event);
      // A copy: what it changes must not change in the caller's result.
      const shown = redact === undefined ? event : redact(jsonCopy(event)() as ToolEvent); // JSON in, JSON out.
      if (shown === undefined) return;
      reason = 'body_invalid';
      const timestamp = new Date(clock.now()).toISOString();
      const body = toolEventBody(shown, { format, eventId: id, timestamp }, maxBodyBytes);
      reason = 'body_too_large';
      sender.send(body, { id, orderKey: key });
    } catch {
      tell(options.onDropped, { type: 'dropped', id, reason, attempts: 0, status: undefined, isStored: false });
    }
  }
}

type Next<Request> = (request: Request) => Promise<unknown>;

/** Copies a value now; whoever asks for the copy is told if there is none. */
function jsonCopy(value: unknown): () => unknown {
  try {
    const text = JSON.stringify(value);
    return () => JSON.parse(text);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Never the message, which may quote what is secret. */
function codeOf(error: unknown, { options }: ToolRequest): string {
  if (options?.signal?.aborted === true) return 'cancelled';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'error';
}
