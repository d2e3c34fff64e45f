import type { Change, JsonObject, ServerInfo, Subscription, SubscriptionFilter } from '@toolwire/client-core';
import { envelopeKey, isObject } from './envelope.ts';
import type { HostCall } from './host-call.ts';
import { grantedOf } from './host-results.ts';
import { refusal, rpcCode } from './rpc-error.ts';
import type { Upstream } from './upstream.ts';

/** Sends a notification on the stream of one call. */
export type TellCall = (call: HostCall, method: string, params: JsonObject) => Promise<void>;

/**
 * What a host wants to hear of. The client behind it tells a server again what that has forgotten, and takes everything as
 * changed when changes may have been missed.
 */
export class HostSubscriptions {
  readonly #tell: (method: string, params: JsonObject) => void;
  readonly #resources = new Map<string, Subscription>();

  /** `tell` sends a notification to a host that holds one wire. */
  constructor(tell: (method: string, params: JsonObject) => void) {
    this.#tell = tell;
  }

  /** A legacy host hears of its lists without asking; a server of the later era has to be asked. */
  async watchLists({ client }: Upstream, { capabilities }: ServerInfo): Promise<void> {
    const { tools, prompts, resources } = capabilities;
    const filter: SubscriptionFilter = {
      ...(tools?.listChanged === true && { tools: true }),
      ...(prompts?.listChanged === true && { prompts: true }),
      ...(resources?.listChanged === true && { resourceList: true }),
    };
    if (Object.keys(filter).length > 0) await this.#follow(await client.subscribe(filter));
  }

  async subscribe({ client }: Upstream, uri: string): Promise<void> {
    if (this.#resources.has(uri)) return;
    const subscription = await client.subscribe(uri);
    this.#resources.set(uri, subscription);
    this.#follow(subscription).catch(() => this.#resources.delete(uri)); // The server is given up: the host may ask again.
  }

  async unsubscribe(uri: string): Promise<void> {
    const subscription = this.#resources.get(uri);
    this.#resources.delete(uri);
    await subscription?.close();
  }

  /** Serves `subscriptions/listen`: an acknowledgement, then changes until the host has heard enough. */
  async listen(upstream: Upstream, call: HostCall, tell: TellCall): Promise<JsonObject> {
    const wanted = call.params['notifications'];
    if (!isObject(wanted)) throw refusal(rpcCode.invalidParams, 'subscriptions/listen: "notifications" is missing');
    const server = await upstream.connect({ signal: call.signal });
    const granted = grantedOf(wanted, server);
    const _meta = { [envelopeKey.subscriptionId]: call.exchange?.id };
    const acknowledge = (): Promise<void> =>
      tell(call, 'notifications/subscriptions/acknowledged', { notifications: granted, _meta });
    if (Object.keys(granted).length === 0) {
      await acknowledge();
      return { _meta };
    }
    const subscription = await upstream.client.subscribe(filterOf(granted));
    const stop = (): void => void subscription.close().catch(() => {}); // The server is gone: so is the subscription.
    call.signal.addEventListener('abort', stop, { once: true });
    if (call.signal.aborted) stop();
    await acknowledge();
    for await (const change of subscription) {
      const { method, params } = notificationOf(change);
      await tell(call, method, { ...params, _meta });
    }
    return { _meta };
  }

  async #follow(subscription: Subscription): Promise<void> {
    for await (const change of subscription) {
      const { method, params } = notificationOf(change);
      this.#tell(method, params);
    }
  }
}

/** What servers say of subscriptions is passed on by those: their ids are not the host's. */
export function isOfSubscription(method: string): boolean {
  return /^notifications\/(.+\/list_changed|resources\/updated|subscriptions\/acknowledged)$/.test(method);
}

function filterOf(granted: JsonObject): SubscriptionFilter {
  const resources = granted['resourceSubscriptions'];
  return {
    ...(granted['toolsListChanged'] === true && { tools: true }),
    ...(granted['promptsListChanged'] === true && { prompts: true }),
    ...(granted['resourcesListChanged'] === true && { resourceList: true }),
    ...(Array.isArray(resources) && { resources: resources as string[] }), // Made of texts by `grantedOf`.
  };
}

function notificationOf(change: Change): { method: string; params: JsonObject } {
  if (change.type === 'resource') return { method: 'notifications/resources/updated', params: { uri: change.uri } };
  const list = change.type === 'resourceList' ? 'resources' : change.type;
  return { method: `notifications/${list}/list_changed`, params: {} };
}
