import { signWebhook, type SignedHeaders, type SignOptions } from '@toolwire/webhooks';

export interface TestDeliveryOptions extends Omit<SignOptions, 'id'> {
  /** Default: a new one. Sign twice with the same id to test what a duplicate does. */
  readonly id?: string | undefined;
  /** Where `request` goes. Default `http://localhost/webhooks/mcp`. */
  readonly url?: string | URL | undefined;
}

/** A delivery as a sender makes it. */
export interface TestDelivery {
  readonly id: string;
  readonly headers: SignedHeaders & { readonly 'content-type': 'application/json' };
  readonly body: Uint8Array<ArrayBuffer>;
  /** The same as a Web request; a new one each time, since a body is read once. */
  request(): Request;
}

/** Signs a delivery for the tests of a receiver: of `event` as JSON, or of a text or bytes as they are. */
export async function signTestDelivery(event: unknown, options: TestDeliveryOptions): Promise<TestDelivery> {
  const { id = `evt_${crypto.randomUUID()}`, url = 'http://localhost/webhooks/mcp', ...signing } = options;
  const body = bytesOf(event);
  const signed = await signWebhook(body, { ...signing, id });
  const headers = { 'content-type': 'application/json', ...signed } as const;
  return { id, headers, body, request: () => new Request(url, { method: 'POST', headers, body }) };
}

function bytesOf(event: unknown): Uint8Array<ArrayBuffer> {
  if (event instanceof Uint8Array) return Uint8Array.from(event);
  return new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event));
}
