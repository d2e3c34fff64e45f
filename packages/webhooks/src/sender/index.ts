export {
  webhookOnToolExecution,
  type ToolRequest,
  type ToolWebhook,
  type ToolWebhookOptions,
} from './webhook-on-tool-execution.ts';
export type { EventFormat, ToolEvent, ToolExecuted, ToolFailed } from './tool-event.ts';

export { createWebhookSender } from './sender.ts';
export type {
  CloseOptions,
  DeliveredWebhook,
  Delivery,
  DeliveryOutcome,
  DroppedWebhook,
  SendOptions,
  UnsendableReason,
  WebhookAttempt,
  WebhookSender,
  WebhookSenderOptions,
} from './sender-types.ts';
export { memoryDeadLetters, type DeadLetter, type DeadLetterStore, type DropReason } from './dead-letters.ts';
export { deadLetterFolder } from './dead-letter-folder.ts';
export { standardRetryDelays, type AttemptFailure } from './schedule.ts';
export type { AddressPolicy, LookupOptions, Resolve } from './endpoint.ts';
export type { Clock } from './clock.ts';
export type { WebhookTls } from './post.ts';
