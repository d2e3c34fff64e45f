/** A tool that was called, as a webhook tells it. */
export type ToolEvent = ToolExecuted | ToolFailed;

/** The tool answered; also when it reports a failure of its own (`result.isError`). */
export interface ToolExecuted {
  readonly event: 'tool_executed';
  readonly tool: string;
  readonly params: unknown;
  readonly result: unknown;
}

/** No answer came: it timed out, the server refused, the connection was lost. */
export interface ToolFailed {
  readonly event: 'tool_failed';
  readonly tool: string;
  readonly params: unknown;
  readonly error: { readonly code: string };
}

/** How an event is written: flat, or as the MCP events extension (SEP-3415) has it. */
export type EventFormat = 'tool-event' | 'mcp-event';

/** What stands in for a result or for params that are too large to send. */
interface Truncated {
  readonly truncated: true;
  /** Of its JSON. */
  readonly bytes: number;
}

export interface Envelope {
  readonly format: EventFormat;
  readonly eventId: string;
  /** ISO 8601, in UTC. */
  readonly timestamp: string;
}

/** The JSON of an event. What has more than `mostBytes` bytes loses its result, and if that is not enough its params. */
export function toolEventBody(event: ToolEvent, envelope: Envelope, mostBytes: number): string {
  let body = write(event, envelope);
  for (const part of ['result', 'params'] as const) {
    const bytes = Buffer.byteLength(body);
    if (bytes <= mostBytes || !(part in event)) continue;
    const rest = Buffer.byteLength(write({ ...event, [part]: 0 }, envelope)) - 1; // Without the digit 0.
    const truncated: Truncated = { truncated: true, bytes: bytes - rest };
    event = { ...event, [part]: truncated };
    body = write(event, envelope);
  }
  return body;
}

/** No top-level `type`: receivers of the MCP events extension would take the body for a control message. */
function write({ event, ...data }: ToolEvent, { format, eventId, timestamp }: Envelope): string {
  const flat = { event, ...data, timestamp, eventId };
  return JSON.stringify(format === 'mcp-event' ? { eventId, name: event, timestamp, data } : flat);
}
