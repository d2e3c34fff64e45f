import { McpError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { httpOrSseTransport, type KnownWire } from './http-or-sse.ts';
import { httpTransport, type HttpTransportOptions } from './http.ts';

type OpenWire = (url: URL, options: HttpTransportOptions, known: KnownWire) => Transport | Promise<Transport>;

/** How each wire of an http: URL is opened; what a program does not use, it does not load. */
const wires: Readonly<Record<string, OpenWire>> = {
  auto: httpOrSseTransport,
  http: httpTransport,
  sse: async (url, options) => (await import('./sse.ts')).sseTransport(url, options),
  post: async (url, options) => (await import('./post.ts')).postTransport(url, options),
  rest: async (url, options) => (await import('./rest.ts')).restTransport(url, options),
};

/** Opens the wire called `transport` to a URL of http:, https:, ws: or wss:; `known` belongs to one server, over all its connections. */
export function openUrl(
  url: URL,
  transport: string | undefined,
  options: HttpTransportOptions,
  known: KnownWire,
): Transport | Promise<Transport> {
  const isWebSocket = url.protocol.startsWith('ws');
  if (isWebSocket && transport === undefined) return openWebSocket(url, options);
  const name = transport ?? 'auto';
  const open = Object.hasOwn(wires, name) && !isWebSocket ? wires[name] : undefined;
  if (open !== undefined) return open(url, options, known);
  const names = isWebSocket ? `none for a ${url.protocol} URL` : Object.keys(wires).join(', ');
  throw invalid(`There is no transport ${JSON.stringify(transport)}; use ${names}`);
}

/** The package that speaks it is not among our dependencies: its name must not be found by bundlers. */
async function openWebSocket(
  url: URL,
  { headers, maxMessageBytes, strict, tls, allowInsecureHttp }: HttpTransportOptions,
): Promise<Transport> {
  const name = '@toolwire/client-ws';
  const loading = import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<{
    webSocketTransport: (url: URL, options: HttpTransportOptions) => Transport;
  }>;
  const { webSocketTransport } = await loading.catch((cause: unknown) => {
    const text = `A ${url.protocol} URL needs ${name}: npm install ${name} (in a bundle, pass webSocketTransport(url) as the target)`;
    throw invalid(text, cause);
  });
  return webSocketTransport(url, { headers, maxMessageBytes, strict, tls, allowInsecureHttp });
}

function invalid(message: string, cause?: unknown): McpError {
  return new McpError('config-invalid', message, { delivered: 'no', ...(cause !== undefined && { cause }) });
}
