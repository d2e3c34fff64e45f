import type { Handlers } from './handlers.ts';
import type { CallOptions, Interceptor } from './interceptor.ts';
import type { CircuitBreakerOptions } from './interceptors/circuit-breaker.ts';
import type { Retry } from './interceptors/retry.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';
import type { OnReport } from './protocol/report.ts';
import type { ProtocolVersion } from './protocol/revisions.ts';
import type { ClientCapabilities, Implementation, LoggingMessageNotificationParams, Tool } from './protocol/types.ts';
import type { TransportSettings } from './target.ts';
import type { ToolLock } from './tool-lock.ts';

/** How a client connects and behaves; every option has a default. */
export interface ClientOptions extends TransportSettings {
  /** What the client calls itself. Default: toolwire and its version. */
  clientInfo?: Implementation;
  /** Announced besides what the handlers imply, such as `extensions`. */
  capabilities?: ClientCapabilities;
  /** What this side does for a server that asks. */
  handlers?: Handlers;
  /** `auto` (default) finds the revision; a revision is used without asking. */
  protocolVersion?: ProtocolVersion | 'auto';
  /** Milliseconds for opening and handshake together, and for trying a server that cannot be reached. Default 15,000. */
  connectTimeoutMs?: number;
  /** Milliseconds that a server may think about `server/discover` before `initialize` is tried. Default 3,000. */
  probeTimeoutMs?: number;
  /** Default of the same call option: 60,000. */
  timeoutMs?: number;
  /** Default of the same call option: 600,000. */
  maxTotalMs?: number;
  /** Default of the same call option: 3. */
  attempts?: number;
  /** The longest wait before a call is sent again, in milliseconds; one that the server wants later fails at once. Default: the deadline. */
  maxRetryWaitMs?: number;
  /** Told of each call that is about to be sent again, before the wait. */
  onRetry?: (retry: Retry) => void;
  /** Holds calls back so that at most `perMinute` are sent in any 60 seconds; the others wait their turn. */
  rateLimit?: { perMinute: number };
  /** After `failures` calls in a row (5) that found the server dead, refuses calls for `restMs` (5,000), then lets one try. */
  circuitBreaker?: Pick<CircuitBreakerOptions, 'failures' | 'restMs'> | false;
  /** Asks a connection that was not used for this long whether it still lives, in milliseconds. Default: never. */
  keepAliveMs?: number;
  /** Closes a connection that was not used for this long, in milliseconds; the next call opens another. Default: never. */
  idleCloseMs?: number;
  /** Sends tools again that this server calls read-only or idempotent, as if each call were marked `idempotent`. Default false. */
  trustAnnotations?: boolean;
  /** Turns each oddity that would be reported into an error. Default false. */
  strict?: boolean;
  /** Checks the arguments of tools that were listed by their `inputSchema`, before anything is sent. Default false. */
  validateArguments?: boolean;
  /**
   * What becomes of a tool whose definition is not the one that was locked, or first listed: `allow` it, `warn` by
   * `onReport`, or `refuse` its calls with `tool-changed` before anything is sent. Default: `refuse` with a `toolLock`, else `allow`.
   */
  onToolChanged?: 'allow' | 'warn' | 'refuse';
  /** The definitions that are known, from `lockTools`; a function is asked once, when the tools are first listed. */
  toolLock?: ToolLock | (() => ToolLock | Promise<ToolLock>);
  /** A tool that reports failure rejects with code `tool-error` instead of answering. Default false. */
  throwOnToolError?: boolean;
  /** See every call, the first outermost. */
  interceptors?: readonly Interceptor[];
  /** Log messages of the server. */
  onLog?: (message: LoggingMessageNotificationParams) => void;
  /** Every notification of the server but progress and cancellation. */
  onNotification?: (method: string, params: JsonObject) => void;
  /** The server's tools, whenever they are not what they were: by its own word, or after a reconnection. */
  onToolsChanged?: (tools: Tool[]) => void;
  /** What the server got wrong without failing a call. */
  onReport?: OnReport;
}

/** Options of calls that a server may allow to be answered from a cache. */
export interface ReadOptions extends CallOptions {
  /** Asks the server even where its last answer may still be used. Default false. */
  fresh?: boolean;
}
