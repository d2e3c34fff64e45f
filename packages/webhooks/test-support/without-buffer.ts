// Run with --conditions=browser, as bundlers for browsers and edge runtimes resolve this package: prints, as JSON, what
// became of the vectors and of one delivery to a receiver in a process that has no Buffer.
import { inputOf, signatureVectors } from './vectors.ts';

const cases = ['toolwire', 'third-party']
  .flatMap(signatureVectors)
  .map((vector) => ({ ...inputOf(vector), name: vector.name }));
Reflect.deleteProperty(globalThis, 'Buffer');

const { createReceiver, generateSecret, isWebhookError, signWebhook, verifySignature } =
  await import('../src/index.ts');

const verdicts: Record<string, string> = {};
for (const { name, body, headers, options } of cases) {
  verdicts[name] = await verifySignature(Uint8Array.from(body), headers, options).then(
    () => 'verified',
    (error: unknown) => (isWebhookError(error) ? error.code : String(error)),
  );
}

const secrets = generateSecret();
const body = new TextEncoder().encode(JSON.stringify({ event: 'tool_executed', tool: '😊' }));
const headers = { ...(await signWebhook(body, { id: 'msg_1', secrets })), 'content-type': 'application/json' };
const tools: string[] = [];
const receiver = createReceiver({ secrets, on: { tool_executed: ({ tool }) => tools.push(tool) } });
const { status } = await receiver.receive(headers, body); // Node's own Request and Response need Buffer.

const platform = import.meta.resolve('#platform').replace(/.*\//, '');
console.log(JSON.stringify({ platform, hasBuffer: 'Buffer' in globalThis, verdicts, status, tools }));
