import { openExchange } from '#platform';
import type { Authorize } from '../auth/authorize.ts';
import { McpError, MessageTooLargeError } from '../errors.ts';
import { checkEncrypted, credentialHeader, isReadable } from './credentials.ts';
import { discard, readText, type HttpExchange, type HttpRequest, type HttpResponse } from './http-exchange.ts';
import { failureOf } from './http-failure.ts';
import { fetchExchange } from './http-fetch.ts';
import type { TlsOptions } from './secure-context.ts';

/** How requests travel. */
export interface NetworkOptions {
  /** Replaces `node:http`, or the platform's `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Certificates for https: and wss:, in Node. */
  tls?: TlsOptions | undefined;
  /**
   * Sends credentials over plain http: and ws: to other machines, too, where everybody on the way can read them. Default
   * false: what carries one fails with `config-invalid`, unsent.
   */
  allowInsecureHttp?: boolean | undefined;
}

/** What every request to a server over HTTP has in common. */
export interface HttpEndpointOptions extends NetworkOptions {
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Gives each request its credential, when it is not always the same header. */
  authorize?: Authorize | undefined;
  /** Largest message, in bytes after decoding. Default 64 MiB. */
  maxMessageBytes?: number | undefined;
  /** Most calls in flight at the same time; more wait their turn. Default 32, Node only. */
  maxSockets?: number | undefined;
}

/** The part of a request that is its own. */
export type HttpQuestion = Omit<HttpRequest, 'url'>;

/** One address of a server: sends requests there with the headers that all have, and gives failures their types. */
export class HttpEndpoint {
  /** Where requests go; a redirect within the origin moves it. */
  url: URL;
  /** Largest message, in bytes. */
  readonly limit: number;
  readonly #exchange: HttpExchange;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #mayBeRead: boolean;
  /** The header that said who asked, of answers that refuse it. */
  readonly #refused = new WeakMap<HttpResponse, string | undefined>();
  readonly #authorize: Authorize | undefined;

  constructor(url: URL, options: HttpEndpointOptions) {
    const { headers = {}, authorize, fetch, maxMessageBytes, maxSockets = 32, tls, allowInsecureHttp } = options;
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw invalid(`${url.protocol} is no protocol for this wire; use http: or https:`);
    if (fetch !== undefined && tls !== undefined) throw invalid('tls and fetch exclude each other');
    this.url = url;
    this.limit = maxMessageBytes ?? 64 * 1024 * 1024;
    this.#headers = sendable(headers);
    this.#mayBeRead = isReadable(url) && allowInsecureHttp !== true;
    this.#authorize = authorize;
    this.#exchange = fetch ? fetchExchange(fetch) : openExchange(maxSockets, tls);
  }

  /** The server in messages: without user, password and query, which may be secrets. */
  get place(): string {
    return this.url.origin + this.url.pathname;
  }

  /** Sends a request; resolves with any answer that is no redirect within the origin, and that no other credential mends. */
  send(question: HttpQuestion): Promise<HttpResponse> {
    // What a call says of itself counts.
    if (this.#authorize === undefined || 'authorization' in question.headers) return this.#send(question);
    return this.#authorize({ ...question, url: this.url }, (credential) =>
      this.#send({ ...question, headers: { ...sendable(credential), ...question.headers } }),
    );
  }

  async #send(question: HttpQuestion): Promise<HttpResponse> {
    const headers = { ...this.#headers, ...question.headers };
    if (this.#mayBeRead) checkEncrypted(this.url, headers);
    for (let redirects = 0; ; redirects++) {
      const response = await this.#exchange.send({ ...question, headers, url: this.url });
      const target = redirects < 5 ? this.#sameOriginRedirect(question.method, response) : undefined;
      if (target === undefined) {
        if (response.status === 401 || response.status === 403)
          this.#refused.set(response, credentialHeader(this.url, headers));
        return response;
      }
      await discard(response);
      this.url = target;
    }
  }

  /** The whole body as text; rejects with a typed error when the answer is no success. */
  async readText(response: HttpResponse): Promise<string> {
    if (!isSuccess(response)) throw await this.failureOf(response);
    return readText(
      response,
      this.limit,
      () => new MessageTooLargeError(`The answer is larger than ${this.limit} bytes`),
    );
  }

  /** The typed error for an answer that is no success. */
  failureOf(response: HttpResponse, hadSession = false): Promise<McpError> {
    return failureOf(response, { from: this.place, hadSession, credential: this.#refused.get(response) });
  }

  /** Frees every socket. */
  close(): void {
    this.#exchange.close();
  }

  /** 307 and 308 keep method and body: servers mounted with a trailing slash answer so. A GET has no body to lose. */
  #sameOriginRedirect(method: HttpRequest['method'], response: HttpResponse): URL | undefined {
    const statuses = method === 'GET' ? [301, 302, 307, 308] : [307, 308];
    const location = response.header('location');
    if (location === undefined || !statuses.includes(response.status)) return undefined;
    const target = URL.canParse(location, this.url) ? new URL(location, this.url) : undefined;
    return target?.origin === this.url.origin ? target : undefined;
  }
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/**
 * Headers as a caller gives them, under the names that requests use. Throws `config-invalid` for one that cannot be sent,
 * such as a value with a line break (often from an environment file).
 */
export function sendable(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const unsendable = Object.keys(headers).find(
    (name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(headers[name] ?? ''),
  );
  if (unsendable === undefined) return headers;
  throw invalid(
    `The header ${JSON.stringify(unsendable)} has a character that no header can have; is there a line break in its value?`,
  );
}

function invalid(message: string): McpError {
  return new McpError('config-invalid', message, { delivered: 'no' });
}
