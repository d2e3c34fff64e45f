import type { DeliveryOutcome, WebhookAttempt } from '@toolwire/webhooks/sender';
import { CliError } from '../cli-error.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { printJson } from '../output/json.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { readBytes, readHeaders, readSecrets } from './webhook-input.ts';
import type { WebhookLine } from './webhook-line.ts';

const defaultTimeoutMs = 15_000;

/** `mcp webhook send URL [FILE]`: delivers an event once, and says what became of it. */
export async function webhookSend(line: WebhookLine, io: Io): Promise<ExitCode> {
  const [url, file, extra] = line.operands;
  if (url === undefined || extra !== undefined)
    throw new CliError('usage', 'Name the endpoint, and a file if any: mcp webhook send URL [FILE]');
  const secrets = readSecrets(line, io);
  const headers = singleHeaders(await readHeaders(line, io));
  const id = line.last('id') ?? `evt_${crypto.randomUUID()}`;
  const body = file === undefined ? sampleEvent(id) : readJson(await readBytes(file, io), file);
  const timeout = line.last('timeout');
  let last: WebhookAttempt | undefined;
  const { createWebhookSender } = await import('@toolwire/webhooks/sender');
  const sender = createWebhookSender({
    url,
    secrets,
    headers,
    timeoutMs: timeout === undefined ? defaultTimeoutMs : parseDuration(timeout),
    // Whoever writes the address here means it: this machine needs no flag.
    allowLoopback: true,
    allowPrivate: line.has('allow-private'),
    retryDelaysMs: [],
    onAttempt: (attempt) => (last = attempt),
  });
  const giveUp = (): void => void sender.close({ graceMs: 0 });
  io.interrupted?.addEventListener('abort', giveUp, { once: true });
  const outcome = await sender.send(body, { id }).finished;
  io.interrupted?.removeEventListener('abort', giveUp);
  await sender.close();
  if (io.interrupted?.aborted === true) throw new CliError('interrupted', 'Interrupted');
  await (line.has('json') ? printJson(io.stdout, report(outcome, last)) : tell(outcome, last, io));
  return exitCodeOf(outcome, last);
}

/** The flat event of a tool call, as an interceptor would send it. */
function sampleEvent(eventId: string): string {
  const result = { content: [{ type: 'text', text: 'Hello from mcp webhook send' }] };
  const timestamp = new Date().toISOString();
  return JSON.stringify({ event: 'tool_executed', tool: 'sample', params: {}, result, timestamp, eventId });
}

/** The text of a file, which is sent as it is; throws a usage error for what no receiver could read. */
function readJson(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch {
    throw new CliError('usage', `${file === '-' ? 'Standard input' : file} is not JSON in UTF-8`);
  }
}

function singleHeaders(headers: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function report(outcome: DeliveryOutcome, last: WebhookAttempt | undefined): object {
  const { type, id, status = null } = outcome;
  return { id, delivered: type === 'delivered', status, failure: last?.failure ?? null };
}

function tell({ type, id, status }: DeliveryOutcome, last: WebhookAttempt | undefined, io: Io): Promise<void> {
  if (type === 'delivered') return print(io.stdout, `delivered: ${status}, id ${id}\n`);
  const reason = last?.failure === undefined ? `the endpoint answers ${status}` : sanitizeLine(last.failure.message);
  return print(io.stderr, `mcp: not delivered: ${reason}\n`);
}

function exitCodeOf({ type }: DeliveryOutcome, last: WebhookAttempt | undefined): ExitCode {
  if (type === 'delivered') return 0;
  return last?.failure?.code === 'ETIMEDOUT' ? 124 : 3;
}
