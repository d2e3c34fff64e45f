import type { LookupAddress } from 'node:dns';
import { lookup as resolveName } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { WebhookError } from '../errors.ts';
import { addressKind } from './address-kind.ts';

/** Which addresses a webhook may be sent to besides public ones over https. */
export interface AddressPolicy {
  /** Allows this machine (`127.0.0.0/8`, `::1`), also over plain http. Default false. */
  readonly allowLoopback?: boolean | undefined;
  /** Allows private networks (`10.0.0.0/8`, `fc00::/7` …), also over plain http. Link-local and metadata addresses stay refused. Default false. */
  readonly allowPrivate?: boolean | undefined;
}

/** Finds every address of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface LookupOptions extends AddressPolicy {
  /** Finds the addresses of the endpoint's name, all of which are checked. Default: as the system does. */
  readonly resolve?: Resolve | undefined;
}

/** The code of the error for an endpoint that leads where nothing may be sent to: trying again would not help. */
export const addressRefused = 'ADDRESS_REFUSED';

/** Reads the address of an endpoint; throws for one that nothing may be sent to, whatever its name resolves to. */
export function readEndpoint(text: string | URL, policy: AddressPolicy): URL {
  if (!URL.canParse(String(text))) throw new WebhookError('invalid_options', 'The webhook URL is not a URL');
  const url = new URL(text);
  const refuse = (reason: string): WebhookError =>
    new WebhookError('invalid_options', `Webhooks are not sent to ${url.protocol}//${url.host}: ${reason}`);
  const mayBePlain = policy.allowLoopback === true || policy.allowPrivate === true;
  if (url.protocol === 'http:' && !mayBePlain) {
    throw refuse('it must be https; allowLoopback permits http to this machine, allowPrivate to private networks');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('it must be https');
  if (url.username !== '' || url.password !== '') throw refuse('a URL with credentials in it ends up in logs');
  const address = url.hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !mayConnect(address, url, policy)) throw refuse(kindOf(address, url));
  return url;
}

/**
 * A `lookup` for `node:http` that yields only addresses that may be connected to. The socket connects to what was checked:
 * a name cannot change what it resolves to in between.
 */
export function guardedLookup(url: URL, policy: LookupOptions): LookupFunction {
  const { resolve = resolveAll } = policy;
  return (hostname, { all = false }, callback) => void answer(hostname, all, callback);

  async function answer(hostname: string, all: boolean, callback: LookupCallback): Promise<void> {
    let found: LookupAddress[];
    try {
      found = checked(hostname, await resolve(hostname));
    } catch (error) {
      return callback(error instanceof Error ? error : new Error(String(error)), []);
    }
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  }

  function checked(hostname: string, addresses: readonly LookupAddress[]): LookupAddress[] {
    if (addresses.length === 0) throw new Error(`${hostname} has no address`);
    const refused = addresses.find(({ address }) => !mayConnect(address, url, policy));
    if (refused === undefined) return [...addresses];
    const message = `Webhooks are not sent to what ${hostname} resolves to: ${kindOf(refused.address, url)}`;
    throw Object.assign(new Error(message), { code: addressRefused });
  }
}

function kindOf(address: string, { protocol }: URL): string {
  return `it is ${protocol.replace(':', '')} to a ${addressKind(address)} address`;
}

type LookupCallback = Parameters<LookupFunction>[2];

function mayConnect(address: string, { protocol }: URL, policy: AddressPolicy): boolean {
  const { allowLoopback = false, allowPrivate = false } = policy;
  const allowed = { public: protocol === 'https:', loopback: allowLoopback, private: allowPrivate, forbidden: false };
  return allowed[addressKind(address)];
}

function resolveAll(hostname: string): Promise<LookupAddress[]> {
  return resolveName(hostname, { all: true });
}
