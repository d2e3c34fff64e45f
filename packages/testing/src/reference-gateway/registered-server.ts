import type { JsonObject } from '@toolwire/client-core';

/** A server as a reference gateway keeps it; its credential never leaves the gateway but for the server itself. */
export interface RegisteredServer {
  id: string;
  name: string;
  url: string;
  description: string | undefined;
  tags: string[];
  enabled: boolean;
  /** When it can be called, in milliseconds since the epoch. */
  readyAt: number;
  authentication: Authentication;
}

/** How the gateway shows itself to a server. */
type Authentication =
  | { type: 'none' }
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string }
  | { type: 'api_key'; header?: string; value: string }
  | { type: 'headers'; headers: Record<string, string> };

/** What is wrong with a body, in the words of FastAPI. */
export interface Fault {
  loc: string[];
  msg: string;
}

/** The fields that each kind of authentication must have. */
const secretFields: Record<Authentication['type'], readonly string[]> = {
  none: [],
  bearer: ['token'],
  basic: ['username', 'password'],
  api_key: ['value'],
  headers: ['headers'],
};

/** What is wrong with the body of a registration. */
export function faultsIn(body: JsonObject): Fault[] {
  const { name, url, transport = 'http', authentication = { type: 'none' } } = body;
  const isUrl = typeof url === 'string' && url.startsWith('http:') && URL.canParse(url);
  const faults = [
    !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(String(name)) && { loc: ['body', 'name'], msg: 'Not a valid name' },
    !isUrl && { loc: ['body', 'url'], msg: 'Not a valid http: URL' },
    transport !== 'http' && { loc: ['body', 'transport'], msg: 'Only http is supported' },
    !isAuthentication(authentication) && { loc: ['body', 'authentication'], msg: 'Not a known authentication' },
  ];
  return faults.filter((fault) => fault !== false);
}

function isAuthentication(value: unknown): value is Authentication {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const fields = Object.hasOwn(secretFields, String(value.type)) && secretFields[value.type as Authentication['type']];
  return fields !== false && fields.every((field) => field in value);
}

/** What the gateway tells of a server. */
export function shownServer(server: RegisteredServer): JsonObject {
  const { id, name, url, description, tags, enabled, authentication } = server;
  const status = Date.now() < server.readyAt ? 'pending' : enabled ? 'active' : 'disabled';
  const auth = { type: authentication.type };
  return { id, name, url, transport: 'http', description, tags, enabled, status, authentication: auth };
}

/** The headers of requests to the server. */
export function credentialOf({ authentication }: RegisteredServer): Record<string, string> {
  if (authentication.type === 'none') return {};
  if (authentication.type === 'bearer') return { authorization: `Bearer ${authentication.token}` };
  if (authentication.type === 'headers') return authentication.headers;
  if (authentication.type === 'api_key') return { [authentication.header ?? 'x-api-key']: authentication.value };
  return { authorization: `Basic ${btoa(`${authentication.username}:${authentication.password}`)}` };
}
