/** Every way a Toolwire call can fail; pinned by a test, so that switching over it stays exhaustive. */
export type McpErrorCode =
  | 'connection-failed'
  | 'connect-timeout'
  | 'connection-closed'
  | 'session-lost'
  | 'server-exited'
  | 'spawn-failed'
  | 'crash-loop'
  | 'circuit-open'
  | 'delivery-unknown'
  | 'timeout'
  | 'http-error'
  | 'rate-limited'
  | 'unauthorized'
  | 'protocol-error'
  | 'invalid-response'
  | 'unsupported-version'
  | 'unsupported-capability'
  | 'message-too-large'
  | 'queue-full'
  | 'arguments-invalid'
  | 'config-invalid'
  | 'tool-error'
  | 'tool-changed';

/** Whether the server may have received the request: `no` is certain, and makes any call safe to send again. */
export type Delivered = 'no' | 'unknown' | 'yes';

/** What every `McpError` carries besides its code and message. */
export interface McpErrorOptions {
  /** Whether the same request may succeed if it is sent again. Default false. */
  retryable?: boolean;
  /** Default `unknown`. */
  delivered?: Delivered;
  /** How often the request was sent. Default 1. */
  attempts?: number;
  cause?: unknown;
}

const brand = Symbol.for('toolwire.McpError');

/** The base of every error that Toolwire raises; switch over `code`, and read `delivered` before sending again. */
export class McpError extends Error {
  override name = 'McpError';
  readonly code: McpErrorCode;
  readonly retryable: boolean;
  readonly delivered: Delivered;
  readonly attempts: number;

  constructor(code: McpErrorCode, message: string, options: McpErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.delivered = options.delivered ?? 'unknown';
    this.attempts = options.attempts ?? 1;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** True for any `McpError`, also one made by another copy of this package. */
export function isMcpError(value: unknown): value is McpError {
  return value instanceof Error && brand in value;
}

/** The server crashed again and again; it is not started any more until `connect()` is called. */
export class CrashLoopError extends McpError {
  override name = 'CrashLoopError';
  constructor(message: string, options: McpErrorOptions = {}) {
    super('crash-loop', message, { delivered: 'no', ...options });
  }
}

/** The last calls found the server dead, so that this one was not sent; `retryAfterMs` is when one may try again. */
export class CircuitOpenError extends McpError {
  override name = 'CircuitOpenError';
  readonly retryAfterMs: number;

  constructor(message: string, fields: { retryAfterMs: number }, options: McpErrorOptions = {}) {
    super('circuit-open', message, { retryable: true, delivered: 'no', ...options });
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** The server's process ended; `stderrTail` holds the last 4 KiB that it wrote to stderr. */
export class ServerExitedError extends McpError {
  override name = 'ServerExitedError';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderrTail: string;

  constructor(
    message: string,
    fields: { exitCode: number | null; signal: string | null; stderrTail: string },
    options: McpErrorOptions = {},
  ) {
    super('server-exited', message, options);
    this.exitCode = fields.exitCode;
    this.signal = fields.signal;
    this.stderrTail = fields.stderrTail;
  }
}

/** The server answered with an HTTP status that is not a success; `body` is an excerpt of at most 2 KiB. */
export class HttpError extends McpError {
  override name = 'HttpError';
  readonly status: number;
  readonly body: string;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    fields: { status: number; body: string; retryAfterMs?: number | undefined; code?: McpErrorCode },
    options: McpErrorOptions = {},
  ) {
    super(fields.code ?? 'http-error', message, options);
    this.status = fields.status;
    this.body = fields.body;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** Too many requests: the server refused this one (HTTP 429), or `rateLimit` would have held it past its deadline. */
export class RateLimitError extends HttpError {
  override name = 'RateLimitError';

  constructor(message: string, fields: { body: string; retryAfterMs?: number | undefined }) {
    super(message, { ...fields, status: 429, code: 'rate-limited' }, { retryable: true, delivered: 'no' });
  }
}

/** HTTP 401 or 403: `header` names the credential that was sent, `challenge` is the server's WWW-Authenticate. */
export class AuthError extends McpError {
  override name = 'AuthError';
  readonly status: number;
  readonly challenge: string | undefined;
  readonly header: string | undefined;

  constructor(
    message: string,
    fields: { status: number; challenge?: string | undefined; header?: string | undefined },
  ) {
    super('unauthorized', message, { delivered: 'no' });
    this.status = fields.status;
    this.challenge = fields.challenge;
    this.header = fields.header;
  }
}

/** The server answered with a JSON-RPC error. */
export class ProtocolError extends McpError {
  override name = 'ProtocolError';
  readonly rpcCode: number;
  readonly data: unknown;
  /** The server's own words, as they came: at most 4,096 characters. */
  readonly rpcMessage: string;

  constructor(
    message: string,
    fields: { rpcCode: number; data?: unknown; rpcMessage?: string },
    options: McpErrorOptions = {},
  ) {
    super('protocol-error', message, { delivered: 'yes', ...options });
    this.rpcCode = fields.rpcCode;
    this.data = fields.data;
    this.rpcMessage = (fields.rpcMessage ?? message).slice(0, 4096);
  }
}

/** An argument does not fit the tool's inputSchema; nothing was sent. `path` is like `filter.ids[0]`. */
export class ArgumentsInvalidError extends McpError {
  override name = 'ArgumentsInvalidError';
  readonly path: string;
  readonly expected: string;

  constructor(message: string, fields: { path: string; expected: string }) {
    super('arguments-invalid', message, { delivered: 'no' });
    this.path = fields.path;
    this.expected = fields.expected;
  }
}

/** A configuration file cannot be used; `path` is the entry in it, like `mcpServers.github.env.TOKEN`. */
export class ConfigError extends McpError {
  override name = 'ConfigError';
  readonly file: string;
  readonly path: string;

  constructor(message: string, fields: { file: string; path: string }, options: McpErrorOptions = {}) {
    super('config-invalid', message, { delivered: 'no', ...options });
    this.file = fields.file;
    this.path = fields.path;
  }
}

/** The request may or may not have been executed: the connection was lost before its answer came. */
export class DeliveryUnknownError extends McpError {
  override name = 'DeliveryUnknownError';
  constructor(message: string, options: McpErrorOptions = {}) {
    super('delivery-unknown', message, { retryable: true, ...options, delivered: 'unknown' });
  }
}

/** No answer to the handshake within the connect timeout. */
export class ConnectTimeoutError extends McpError {
  override name = 'ConnectTimeoutError';
  constructor(message: string, options: McpErrorOptions = {}) {
    super('connect-timeout', message, { retryable: true, delivered: 'no', ...options });
  }
}

/** A message is larger than the limit; only its call fails. */
export class MessageTooLargeError extends McpError {
  override name = 'MessageTooLargeError';
  constructor(message: string, options: McpErrorOptions = {}) {
    super('message-too-large', message, options);
  }
}

/** Too much is waiting to be written: the server does not read. */
export class QueueFullError extends McpError {
  override name = 'QueueFullError';
  constructor(message: string, options: McpErrorOptions = {}) {
    super('queue-full', message, { retryable: true, delivered: 'no', ...options });
  }
}

/** The server no longer knows the session; a new one is opened and the request sent again, once. */
export class SessionLostError extends McpError {
  override name = 'SessionLostError';
  constructor(message: string, options: McpErrorOptions = {}) {
    super('session-lost', message, { retryable: true, delivered: 'no', ...options });
  }
}
