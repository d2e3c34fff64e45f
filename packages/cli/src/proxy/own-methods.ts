import type { JsonObject, LoggingLevel } from '@toolwire/client-core';
import type { HostCall } from './host-call.ts';
import { discoverResult, initializeResult } from './host-results.ts';
import type { HostSubscriptions, TellCall } from './host-subscriptions.ts';
import type { Log } from './log.ts';
import type { Upstream } from './upstream.ts';

/** What a request that is the proxy's own is answered with. */
export interface OwnRequest {
  readonly call: HostCall;
  readonly upstream: Upstream;
  readonly subscriptions: HostSubscriptions;
  readonly tell: TellCall;
  readonly log: Log;
}

type OwnMethod = (request: OwnRequest) => Promise<JsonObject>;

/** Requests that belong to the connection with the host, and those whose effect has to outlive a session of the server. */
export const ownMethods: ReadonlyMap<string, OwnMethod> = new Map<string, OwnMethod>([
  ['initialize', initialize],
  ['server/discover', async ({ upstream, call: { signal } }) => discoverResult(await upstream.connect({ signal }))],
  ['subscriptions/listen', ({ upstream, subscriptions, call, tell }) => subscriptions.listen(upstream, call, tell)],
  [
    'resources/subscribe',
    async ({ upstream, subscriptions, call: { params } }) => {
      await subscriptions.subscribe(upstream, String(params['uri']));
      return {};
    },
  ],
  [
    'resources/unsubscribe',
    async ({ subscriptions, call: { params } }) => {
      await subscriptions.unsubscribe(String(params['uri']));
      return {};
    },
  ],
  [
    'logging/setLevel',
    async ({ upstream, call: { params, signal } }) => {
      await upstream.client.setLogLevel(params['level'] as LoggingLevel, { signal }); // The server judges it.
      return {};
    },
  ],
]);

async function initialize({ upstream, subscriptions, call, log }: OwnRequest): Promise<JsonObject> {
  const server = await upstream.connect({ signal: call.signal });
  subscriptions.watchLists(upstream, server).catch((error: unknown) => {
    log.detail(`the server does not tell of its lists: ${String(error)}`);
  });
  return initializeResult(server, call.params['protocolVersion']);
}
