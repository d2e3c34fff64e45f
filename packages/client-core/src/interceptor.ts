import type { JsonObject } from './protocol/jsonrpc.ts';
import type { Progress } from './protocol/types.ts';

/** Options of any call. */
export interface CallOptions {
  /** Cancels the call: it rejects with `signal.reason`, and the server is told. */
  signal?: AbortSignal | undefined;
  /** Milliseconds without an answer or progress; they stand still while a handler of yours answers the server. Default 60,000. */
  timeoutMs?: number | undefined;
  /** Milliseconds in all: re-sending, rounds of input and progress included. Default 600,000. */
  maxTotalMs?: number | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** The caller says that executing this call twice does no harm: it may be sent again when its fate is unknown. Default false. */
  idempotent?: boolean | undefined;
  /** Most attempts, the first included. Default 3; 1 never sends again. */
  attempts?: number | undefined;
  /** Extra HTTP headers, on wires that have headers. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Fields added to the request's `_meta`. */
  meta?: Readonly<JsonObject> | undefined;
}

/** One call on its way to the server. */
export interface McpRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly options: CallOptions;
}

export type RequestHandler = (request: McpRequest) => Promise<unknown>;

/**
 * Sees every call, and may change, answer, repeat or refuse it:
 * `(next) => async (request) => { console.log(request.method); return next(request); }`
 */
export type Interceptor = (next: RequestHandler) => RequestHandler;

/** The onion: the first interceptor is the outermost. */
export function intercept(interceptors: readonly Interceptor[], innermost: RequestHandler): RequestHandler {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), innermost);
}
