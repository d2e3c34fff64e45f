import type { SecureContextOptions } from 'node:tls';
import type { TlsOptions } from '../transports/secure-context.ts';
import { addressKind, type AddressKind } from './private-addresses.ts';

export interface Address {
  address: string;
  family: number;
}

/** All addresses of a host. */
export type LookUp = (hostname: string) => Promise<Address[]>;

interface Pin {
  isAllowed: (kind: AddressKind) => boolean;
  /** The error for an address that is not allowed. */
  refuse: (text: string) => Error;
  /** Default: what the operating system says. */
  lookUp?: LookUp | undefined;
  tls?: TlsOptions | undefined;
}

const timeoutMs = 30_000;
const maxBytes = 1024 * 1024;

/**
 * A small `fetch` on `node:http` that looks a host up once, refuses it for any address that is not allowed, and connects
 * to no other: a name that changes its mind in between gains nothing.
 */
export async function pinnedFetch(
  url: URL,
  init: RequestInit,
  { isAllowed, refuse, lookUp, tls }: Pin,
): Promise<Response> {
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  const isLiteral = process.getBuiltinModule('node:net').isIP(host) !== 0;
  const addresses = isLiteral ? [{ address: host, family: host.includes(':') ? 6 : 4 }] : await all(host, lookUp);
  const kinds = addresses.map(({ address }) => addressKind(address));
  const bad = kinds.find((kind) => !isAllowed(kind));
  if (bad !== undefined) throw refuse(bad === 'loopback' ? 'leads to this machine' : 'leads to a private address');
  return request(url, init, addresses, authorities(url, tls));
}

async function all(host: string, lookUp: LookUp | undefined): Promise<Address[]> {
  const { lookup } = process.getBuiltinModule('node:dns/promises');
  const found = await (lookUp?.(host) ?? lookup(host, { all: true })).catch((cause: unknown) => {
    throw new TypeError(`The host ${host} is not known`, { cause });
  });
  if (found.length === 0) throw new TypeError(`The host ${host} has no address`);
  return found;
}

/** An authorization server may be public although the MCP server is not: its authorities count besides Node's own. */
function authorities({ protocol }: URL, { ca, minVersion = 'TLSv1.2' }: TlsOptions = {}): SecureContextOptions {
  if (protocol !== 'https:') return {};
  const { getCACertificates, rootCertificates } = process.getBuiltinModule('node:tls');
  // Node 20 knows no getCACertificates.
  return { minVersion, ...(ca !== undefined && { ca: [...(getCACertificates?.() ?? rootCertificates), ca] }) };
}

function request(
  url: URL,
  init: RequestInit,
  addresses: readonly Address[],
  secure: SecureContextOptions,
): Promise<Response> {
  const http = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const options = {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...secure,
      rejectUnauthorized: true, // Whatever the environment says.
      agent: false as const, // A socket that someone else opened was never looked at.
      signal: AbortSignal.timeout(timeoutMs),
      lookup: (_host: string, { all: wantsAll }: { all?: boolean | undefined }, give: GiveAddress): void => {
        const [first] = addresses;
        if (wantsAll === true) give(null, [...addresses]);
        else give(null, first?.address ?? '', first?.family);
      },
    };
    const fail = (cause: Error): void =>
      reject(new TypeError(`Cannot reach ${url.origin}: ${cause.message}`, { cause }));
    const sent = http.request(url, options, (message) => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      message.on('data', (chunk: Uint8Array) => {
        size += chunk.byteLength;
        if (size > maxBytes) message.destroy(new Error(`it answered more than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      message.once('error', fail);
      message.once('end', () => {
        const status = message.statusCode ?? 0;
        const headers = new Headers(message.headersDistinct ? headerPairs(message.headersDistinct) : []);
        const hasNoBody = [204, 205, 304].includes(status);
        resolve(new Response(hasNoBody ? null : Buffer.concat(chunks), { status, headers }));
      });
    });
    sent.once('error', fail);
    const { body } = init;
    // The official client sends forms and JSON.
    sent.end(body === undefined || body === null ? undefined : (body as string | URLSearchParams).toString());
  });
}

type GiveAddress = (error: null, address: string | Address[], family?: number) => void;

function headerPairs(headers: NodeJS.Dict<string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
}
