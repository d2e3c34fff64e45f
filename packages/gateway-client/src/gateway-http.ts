import {
  AuthError,
  checkEncrypted,
  failureFrom,
  HttpError,
  isMcpError,
  mayResend,
  McpError,
  retryDelay,
  type ClientOptions,
} from '@toolwire/client-core';
import { headersOf, secretsOf, type GatewayAuth } from './authentication.ts';
import { faultIn } from './fault-in.ts';
import { fetchWithin, readText } from './fetch-text.ts';
import { Secrets } from './secrets.ts';
import { sleep } from './sleep.ts';

/** How a gateway is reached. */
export interface GatewayHttpOptions {
  /** What this client shows to the gateway, for its management and for calls. Default: nothing. */
  auth?: GatewayAuth;
  /** Replaces the platform's `fetch` for its management. */
  fetch?: typeof fetch;
  /** Sends credentials over plain http: to other machines, where everybody on the way can read them. Default false. */
  allowInsecureHttp?: boolean;
  /** How long a request of its management may take, in milliseconds. Default 15,000. */
  timeoutMs?: number;
  /** Between 0 and 1, for the waits between attempts. Default `Math.random`. */
  random?: () => number;
}

/** An answer of the management API. */
export interface GatewayAnswer {
  readonly status: number;
  readonly url: URL;
  readonly header: (name: string) => string | undefined;
  /** Its JSON; undefined when it has none. */
  readonly body: unknown;
  readonly text: string;
}

/** The part of a request that is its own. */
export interface GatewayRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Any status is an answer, not a failure; only its start may be read, and it is not asked for again. Default false. */
  readonly isProbe?: boolean;
  /** Whether doing it twice does no more than doing it once. Default: as HTTP says of the method. */
  readonly idempotent?: boolean | undefined;
  /** Default: the gateway's. */
  readonly timeoutMs?: number | undefined;
}

const mostAttempts = 3;

/** The management API of a gateway: typed errors without secrets, and what may be repeated is. */
export class GatewayHttp {
  readonly base: URL;
  /** What must not be shown; those of registrations are added. */
  readonly secrets: Secrets = new Secrets();
  readonly #options: GatewayHttpOptions;

  constructor(base: URL, options: GatewayHttpOptions) {
    this.base = base;
    this.#options = options;
    this.secrets.add(secretsOf(options.auth));
  }

  /** The address of a path below the gateway's own; the parts of a list are encoded. */
  url(path: string | readonly string[]): URL {
    const url = new URL(this.base);
    const below = typeof path === 'string' ? path : `/${path.map(encodeURIComponent).join('/')}`;
    url.pathname = url.pathname.replace(/\/+$/, '') + below;
    return url;
  }

  /** What a client of a server behind the gateway shows to it. */
  async credentials(): Promise<Pick<ClientOptions, 'allowInsecureHttp' | 'bearer' | 'headers'>> {
    const { auth, allowInsecureHttp = false } = this.#options;
    return {
      ...(auth?.type === 'bearer' ? { bearer: auth.token } : { headers: await this.headers() }),
      allowInsecureHttp,
    };
  }

  /** Throws before a header that holds a credential goes where everybody on the way can read it. */
  checkEncrypted(headers: Readonly<Record<string, string>>): void {
    if (this.#options.allowInsecureHttp !== true) checkEncrypted(this.base, headers);
  }

  async headers(): Promise<Record<string, string>> {
    const headers = await headersOf(this.#options.auth);
    this.secrets.add(Object.values(headers).map((value) => value.replace(/^\w+ /, ''))); // Without `Bearer`.
    return headers;
  }

  /** Asks for `path`, up to three times unless that could do something twice. */
  async ask(path: string | readonly string[], request: GatewayRequest = {}): Promise<GatewayAnswer> {
    const { random = Math.random } = this.#options;
    const { method = 'GET', isProbe = false, signal } = request;
    const { idempotent = method !== 'POST' && method !== 'PATCH' } = request;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(path, request);
      } catch (error) {
        if (isProbe || attempt === mostAttempts || !mayResend(error, idempotent)) throw error;
        const askedMs = error instanceof HttpError ? error.retryAfterMs : undefined;
        await sleep(retryDelay(attempt, askedMs, random), signal);
      }
    }
  }

  async #send(path: string | readonly string[], request: GatewayRequest): Promise<GatewayAnswer> {
    const { method = 'GET', query = {}, body, headers, isProbe = false } = request;
    const { fetch: send = globalThis.fetch } = this.#options;
    const { timeoutMs = this.#options.timeoutMs ?? 15_000 } = request;
    const url = this.url(path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const sent = {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(await this.headers()),
      ...headers,
    };
    this.checkEncrypted(sent);
    const ending = AbortSignal.timeout(timeoutMs);
    const init: RequestInit = {
      method,
      headers: sent,
      signal: request.signal === undefined ? ending : AbortSignal.any([ending, request.signal]),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    try {
      const response = await fetchWithin(send, url, init);
      const header: GatewayAnswer['header'] = (name) => response.headers.get(name) ?? undefined;
      const text = await readText(response, isProbe);
      if (!isProbe && !response.ok) throw this.#failure(response.status, text, header, url);
      return { status: response.status, url, header, body: parse(text), text };
    } catch (error) {
      request.signal?.throwIfAborted();
      if (isMcpError(error)) throw error;
      if (ending.aborted) throw timeout(url, timeoutMs);
      throw this.#unreachable(url, error);
    }
  }

  #failure(status: number, text: string, header: GatewayAnswer['header'], url: URL): McpError {
    const said = this.secrets.hide(faultIn(parse(text)) ?? text);
    const from = url.origin + url.pathname;
    if (status === 401 || status === 403) {
      const what = this.#options.auth === undefined ? 'wants a credential; give `auth`' : 'refuses what `auth` shows';
      return new AuthError(`${from} ${what} (HTTP ${status}: ${said})`, {
        status,
        challenge: header('www-authenticate'),
      });
    }
    return failureFrom({ status, body: said, header }, { from, hadSession: false, credential: undefined });
  }

  #unreachable(url: URL, error: unknown): McpError {
    const { code, message } = (error instanceof Error && error.cause instanceof Error ? error.cause : error) as {
      code?: unknown;
      message?: unknown;
    };
    const text = `Cannot reach the gateway at ${url.origin}: ${this.secrets.hide(String(message))}`;
    const delivered = code === 'ECONNREFUSED' ? 'no' : 'unknown';
    return new McpError('connection-failed', text, { retryable: true, delivered });
  }
}

function timeout(url: URL, ms: number): McpError {
  const text = `${url.origin}${url.pathname} did not answer within ${ms} ms`;
  return new McpError('timeout', text, { retryable: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // A page of HTML, or nothing: who needs JSON says what is missing.
  }
}
