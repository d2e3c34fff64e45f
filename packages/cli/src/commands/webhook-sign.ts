import { signWebhook } from '@toolwire/webhooks';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { printJson } from '../output/json.ts';
import { onlyOperand, readBytes, readSecrets } from './webhook-input.ts';
import { wholeNumber, type WebhookLine } from './webhook-line.ts';

/** `mcp webhook sign FILE`: prints the headers that sign these bytes, as `curl --header @FILE` takes them. */
export async function webhookSign(line: WebhookLine, io: Io): Promise<ExitCode> {
  const file = onlyOperand(line, 'FILE');
  const secrets = readSecrets(line, io);
  const timestamp = wholeNumber(line, 'at', 999_999_999_999);
  const id = line.last('id') ?? `msg_${crypto.randomUUID()}`;
  const headers = await signWebhook(await readBytes(file, io), { id, secrets, timestamp });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  await (line.has('json') ? printJson(io.stdout, headers) : print(io.stdout, lines.join('')));
  return 0;
}
