import { openStdio } from '#platform';
import type { Authorize, CredentialSettings } from './auth/authorize.ts';
import { McpError } from './errors.ts';
import type { OnReport } from './protocol/report.ts';
import type { OpenTransport } from './open-connection.ts';
import type { Transport } from './transport.ts';
import type { NetworkOptions } from './transports/http-endpoint.ts';
import type { KnownWire } from './transports/http-or-sse.ts';
import { hidingTransport } from './transports/hiding-transport.ts';
import { Secrets } from './transports/secrets.ts';

/** A server that is started as a child process and spoken to over stdio. */
export interface StdioServerConfig {
  command: string;
  args?: readonly string[];
  cwd?: string;
  /** Added to the few variables that a server inherits. */
  env?: Readonly<Record<string, string>>;
  /** Names of further variables that the server inherits. */
  inheritEnv?: readonly string[];
}

/** A server that is reached by its URL: http:, https:, or with `@toolwire/client-ws` also ws: and wss:. */
export interface HttpServerConfig {
  url: string | URL;
  headers?: Readonly<Record<string, string>>;
  /**
   * How an http: URL is spoken to. `auto` (default): Streamable HTTP, or HTTP+SSE for a server that only knows that;
   * `http` and `sse`: the one without the other; `post`: JSON-RPC without handshake and session; `rest`: `GET {url}/tools`
   * and `POST {url}/tools/call`.
   */
  transport?: 'auto' | 'http' | 'sse' | 'post' | 'rest';
  /** These two replace the client's options of the same names. */
  tls?: NetworkOptions['tls'];
  allowInsecureHttp?: boolean;
}

export type ServerConfig = StdioServerConfig | HttpServerConfig;

/** What can be connected to: a URL, a configuration, or any official `Transport`; a function makes a new one for each reconnection. */
export type Target = string | URL | ServerConfig | Transport | OpenTransport;

/** What a connection needs besides its target. */
export interface TransportSettings extends CredentialSettings, NetworkOptions {
  /** Sent with every HTTP request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** What a child process writes to stderr, as it comes. */
  onStderr?: ((text: string) => void) | undefined;
  /** How long each step of ending a child process may take, in milliseconds: end of stdin, SIGTERM, SIGKILL. Default 2,000. */
  closeGraceMs?: number | undefined;
  /** Largest message in bytes. Default 64 MiB. */
  maxMessageBytes?: number | undefined;
  strict?: boolean | undefined;
}

/** How to open a connection to `target`, as often as needed: what a client does first, for those who pass messages on without one. */
export function transportOpener(
  target: Target,
  settings: TransportSettings = {},
  onReport: OnReport = () => {},
): OpenTransport {
  if (typeof target === 'function') return target;
  if (typeof target === 'string' || target instanceof URL) return urlOpener({ url: target }, settings);
  if ('command' in target) return () => openCommand(target, settings, onReport);
  if ('url' in target) return urlOpener(target, settings);
  return openOnce(target);
}

function urlOpener(
  { url, headers: configured, transport, ...own }: HttpServerConfig,
  settings: TransportSettings,
): OpenTransport {
  const { apiKey, bearer, oauth, fetch, maxMessageBytes, strict } = settings;
  const { tls = settings.tls, allowInsecureHttp = settings.allowInsecureHttp } = own;
  const network = { fetch, tls, allowInsecureHttp };
  const given = { ...configured, ...settings.headers };
  const known: KnownWire = {};
  const secrets = new Secrets();
  if (oauth !== undefined && 'clientSecret' in oauth) secrets.add(oauth.clientSecret);
  let authorized: Promise<Authorize | undefined> | undefined; // One login serves every connection.
  return async () => {
    const parsed = parseUrl(url);
    // A WebSocket shows its token once, when it opens.
    const token = typeof bearer === 'function' && parsed.protocol.startsWith('ws') ? await bearer() : bearer;
    const headers = {
      ...(apiKey !== undefined && { 'x-api-key': apiKey }),
      ...(typeof token === 'string' && { authorization: `Bearer ${token}` }),
      ...given,
    };
    if (oauth !== undefined || typeof token === 'function')
      authorized ??= loadAuthorize(settings, parsed, given, network);
    const authorize = learning(await authorized, secrets);
    secrets.addNamed(headers);
    secrets.addUrl(parsed);
    const { openUrl } = await import('./transports/open-url.ts'); // A program that only runs commands needs none of it.
    const wire = await openUrl(parsed, transport, { headers, authorize, maxMessageBytes, strict, ...network }, known);
    return hidingTransport(wire, secrets);
  };
}

/** Tokens that come one after another are secrets as soon as they are sent. */
function learning(authorize: Authorize | undefined, secrets: Secrets): Authorize | undefined {
  if (authorize === undefined) return undefined;
  return (request, send) =>
    authorize(request, (headers) => {
      secrets.addNamed(headers);
      return send(headers);
    });
}

async function loadAuthorize(
  settings: TransportSettings,
  url: URL,
  headers: Readonly<Record<string, string>>,
  network: NetworkOptions,
): Promise<Authorize | undefined> {
  const { authorizeBy } = await import('./auth/authorize.ts');
  return authorizeBy(settings, url, headers, network);
}

function openCommand(
  config: StdioServerConfig,
  { onStderr, closeGraceMs, maxMessageBytes, strict }: TransportSettings,
  onReport: OnReport,
): Promise<Transport> {
  return openStdio({
    ...config,
    onStderr,
    terminateAfterMs: closeGraceMs,
    killAfterMs: closeGraceMs,
    maxMessageBytes,
    strict,
    onIgnored: (line) => onReport({ kind: 'ignored-output', message: 'A line on stdout is no message', detail: line }),
  });
}

/** A transport object can be started only once: its owner opens the next one. */
function openOnce(transport: Transport): OpenTransport {
  let isUsed = false;
  return () => {
    if (isUsed)
      throw new McpError(
        'connection-closed',
        'The transport was used up; pass a function that makes a new one to reconnect',
        { delivered: 'no' },
      );
    isUsed = true;
    return transport;
  };
}

function parseUrl(target: string | URL): URL {
  const url = URL.canParse(String(target)) ? new URL(target) : undefined;
  if (url !== undefined && ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol)) return url;
  const what =
    url === undefined
      ? 'is no URL; to start a command, pass { command, args }'
      : 'is no URL of http:, https:, ws: or wss:';
  const shown = String(target)
    .replace(/\/\/[^/@]*@/, '//') // User, password and query may be secrets.
    .replace(/[?#].*$/s, '');
  throw new McpError('config-invalid', `${JSON.stringify(shown)} ${what}`, { delivered: 'no' });
}
