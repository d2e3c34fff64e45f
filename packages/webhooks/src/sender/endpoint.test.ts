import { expect, onTestFinished, test } from 'vitest';
import { startEndpoint } from '../../test-support/endpoint.ts';
import { isWebhookError } from '../errors.ts';
import { generateSecret } from '../secret.ts';
import { readEndpoint, type AddressPolicy, type Resolve } from './endpoint.ts';
import { createWebhookSender } from './sender.ts';
import type { DeliveryOutcome, WebhookSenderOptions } from './sender-types.ts';

const refused: [url: string, policy: AddressPolicy][] = [
  ['not a URL', {}],
  ['ftp://example.com/', {}],
  ['file:///etc/passwd', { allowLoopback: true, allowPrivate: true }],
  ['http://example.com/', {}],
  ['https://user:canary@example.com/', {}],
  ['https://canary@example.com/', {}],
  ['https://127.0.0.1/', {}],
  ['http://127.0.0.1/', {}],
  ['https://2130706433/', {}],
  ['https://0x7f.1/', {}],
  ['https://0177.0.0.1/', {}],
  ['https://①②⑦.0.0.1/', {}],
  ['https://[::1]/', {}],
  ['https://[::]/', {}],
  ['https://[::ffff:127.0.0.1]/', { allowLoopback: true, allowPrivate: true }],
  ['https://[::ffff:10.0.0.1]/', { allowLoopback: true, allowPrivate: true }],
  ['https://0.0.0.0/', { allowLoopback: true, allowPrivate: true }],
  ['https://169.254.169.254/latest/meta-data/', { allowLoopback: true, allowPrivate: true }],
  ['https://[fd00:ec2::254]/', { allowPrivate: true }],
  ['https://100.64.0.1/', {}],
  ['https://10.0.0.1/', {}],
  ['https://10.0.0.1/', { allowLoopback: true }],
  ['https://127.0.0.1/', { allowPrivate: true }],
  ['http://93.184.215.14/', { allowLoopback: true, allowPrivate: true }],
];

test.each(refused)('%s is refused with %j', (url, policy) => {
  const read = (): URL => readEndpoint(url, policy);
  expect(read).toThrow(
    expect.toSatisfy((error) => isWebhookError(error) && !error.message.includes('canary')) as Error,
  );
});

const accepted: [url: string, policy: AddressPolicy][] = [
  ['https://example.com/hook', {}],
  ['https://93.184.215.14/', {}],
  ['https://[2606:4700:4700::1111]/', {}],
  ['http://127.0.0.1:8080/', { allowLoopback: true }],
  ['http://localhost:8080/', { allowLoopback: true }],
  ['https://[::1]/', { allowLoopback: true }],
  ['http://10.0.0.1/', { allowPrivate: true }],
  ['https://[fd12::1]/', { allowPrivate: true }],
];

test.each(accepted)('%s is accepted with %j', (url, policy) => {
  expect(readEndpoint(url, policy).href).toBe(new URL(url).href);
});

/** What becomes of one event for an endpoint whose name resolves to `addresses`, a list for each look-up. */
async function sendTo(
  addresses: readonly (readonly string[])[],
  options: Partial<WebhookSenderOptions> = {},
): Promise<DeliveryOutcome> {
  let lookUps = 0;
  const resolve: Resolve = async () => {
    const found = addresses[lookUps] ?? [];
    lookUps += 1;
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const sender = createWebhookSender({
    url: 'https://hooks.example/',
    secrets: generateSecret(),
    resolve,
    retryDelaysMs: [],
    ...options,
  });
  onTestFinished(() => sender.close({ graceMs: 1 }));
  return sender.send({}).finished;
}

test.each<[addresses: string[], policy: AddressPolicy]>([
  [['127.0.0.1'], {}],
  [['::1'], {}],
  [['10.1.2.3'], {}],
  [['169.254.169.254'], { allowLoopback: true, allowPrivate: true }],
  [['::ffff:127.0.0.1'], { allowLoopback: true }],
  [['93.184.215.14', '10.0.0.1'], {}],
  [['64:ff9b::7f00:1'], { allowLoopback: true }],
  [['0.0.0.0'], { allowLoopback: true }],
  [['not an address'], {}],
])('a name that resolves to %j is not connected to with %j, and not tried again', async (addresses, policy) => {
  expect(await sendTo([addresses], { ...policy, retryDelaysMs: [1, 1] })).toMatchObject({
    type: 'dropped',
    reason: 'address_refused',
    attempts: 1,
  });
});

test('plain http is for this machine: a name that leads elsewhere is refused', async () => {
  const outcome = await sendTo([['93.184.215.14']], { url: 'http://hooks.example/', allowLoopback: true });
  expect(outcome).toMatchObject({ reason: 'address_refused' });
});

test('a name without an address is looked up again', async () => {
  expect(await sendTo([[], ['127.0.0.1']], { retryDelaysMs: [1] })).toMatchObject({
    reason: 'address_refused',
    attempts: 2,
  });
});

test('the connection goes to the address that was checked: a name that changes afterwards changes nothing', async () => {
  const endpoint = await startEndpoint();
  const url = new URL(endpoint.url);
  url.hostname = 'rebinding.example';
  const outcome = await sendTo([['127.0.0.1'], ['169.254.169.254']], { url, allowLoopback: true });
  expect(outcome).toMatchObject({ type: 'delivered' });
  expect(endpoint.received[0]?.headers.host).toBe(url.host);
});
