import type { VerifiedSignature } from './verify.ts';

/** What both events of a tool call tell. */
interface ToolEventBase {
  readonly tool: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly eventId?: string;
}

/** The tool answered; also when its result reports a failure. */
export interface ToolExecutedEvent extends ToolEventBase {
  readonly event: 'tool_executed';
  readonly result: unknown;
}

/** The call failed without an answer. */
export interface ToolFailedEvent extends ToolEventBase {
  readonly event: 'tool_failed';
  readonly error: { readonly code: string };
}

/** The events that are known without being described, by name. */
export interface WebhookEvents {
  readonly tool_executed: ToolExecutedEvent;
  readonly tool_failed: ToolFailedEvent;
}

/** Those events, and yours; yours win. */
export type KnownEvents<Events extends object> = Events & Omit<WebhookEvents, keyof Events>;

/** What is known of a delivery besides its event. */
export interface WebhookDelivery extends VerifiedSignature {
  /** The kind of event: the body's `event`, `type` or `name`, or a header's where a scheme has one. */
  readonly name: string | undefined;
  /** `X-MCP-Subscription-Id` (SEP-3415), which is not signed. */
  readonly subscriptionId: string | undefined;
}

/** Returns, or resolves, when the event is taken care of; throws, or rejects, to have it delivered again. */
export type EventHandler<Event> = (event: Event, delivery: WebhookDelivery) => unknown;

/** A handler a name; `*` takes the events that have none of their own. Other events are acknowledged, and nothing more. */
export type EventHandlers<Events extends object> = {
  readonly [Name in keyof Events]?: EventHandler<Events[Name]> | undefined;
} & { readonly '*'?: EventHandler<unknown> | undefined };
