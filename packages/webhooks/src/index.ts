export { createReceiver, type Receiver, type ReceiverOptions } from './receiver.ts';
export { verifySignature, verifyWebhook, type VerifiedSignature, type VerifiedWebhook } from './verify.ts';
export type { VerifyOptions } from './verifier.ts';
export { signWebhook, type SignOptions } from './sign.ts';
export { generateSecret } from './secret.ts';
export { memoryStore, type MemoryStoreOptions } from './stores/memory.ts';
export { redisStore, type RedisLike, type RedisStoreOptions } from './stores/redis.ts';
export { isWebhookError, WebhookError, type WebhookErrorCode } from './errors.ts';

// For those who write a scheme, a store or an adapter.
export type { WebhookAnswer } from './answer.ts';
export type { DedupeStore } from './dedupe.ts';
export type { BodyReader } from './take-delivery.ts';
export type {
  EventHandler,
  EventHandlers,
  KnownEvents,
  ToolExecutedEvent,
  ToolFailedEvent,
  WebhookDelivery,
  WebhookEvents,
} from './events.ts';
export type { Encoding } from './platform.ts';
export type { HeaderReader, SignedMessage, WebhookScheme } from './scheme.ts';
export type { SchemeName } from './schemes.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
export type { Awaitable, SignedHeaders, WebhookHeaders, WebhookSecret } from './types.ts';
