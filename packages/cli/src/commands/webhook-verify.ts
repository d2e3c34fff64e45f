import {
  isWebhookError,
  verifySignature,
  type SchemeName,
  type VerifiedSignature,
  type WebhookError,
} from '@toolwire/webhooks';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { printJson } from '../output/json.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { onlyOperand, readBytes, readHeaders, readSecrets } from './webhook-input.ts';
import { wholeNumber, type WebhookLine } from './webhook-line.ts';

const ownMistakes: readonly string[] = ['invalid_secret', 'invalid_options'];

/** `mcp webhook verify FILE`: says whether the signature in `--header` is right for these bytes; 1 when it is not. */
export async function webhookVerify(line: WebhookLine, io: Io): Promise<ExitCode> {
  const file = onlyOperand(line, 'FILE');
  const secrets = readSecrets(line, io);
  const seconds = wholeNumber(line, 'at', 999_999_999_999);
  const now = seconds === undefined ? Date.now : (): number => seconds * 1000;
  const headers = await readHeaders(line, io);
  const body = await readBytes(file, io);
  try {
    const verified = await verifySignature(body, headers, { secrets, now, schemes: schemesOf(line) });
    await (line.has('json')
      ? printJson(io.stdout, { valid: true, ...verified })
      : print(io.stdout, describe(verified)));
    return 0;
  } catch (error) {
    if (!isWebhookError(error) || ownMistakes.includes(error.code)) throw error;
    await (line.has('json') ? printJson(io.stdout, invalid(error)) : print(io.stdout, describeInvalid(error)));
    return 1;
  }
}

/** The schemes that were named; those of the library when there are none. */
export function schemesOf(line: WebhookLine): readonly SchemeName[] | undefined {
  const names = line.all('scheme');
  return names.length > 0 ? (names as readonly SchemeName[]) : undefined; // The library refuses those it does not know.
}

function describe({ scheme, id, timestamp }: VerifiedSignature): string {
  const time = timestamp === undefined ? '' : `, signed at ${new Date(timestamp * 1000).toISOString()}`;
  return `valid: ${scheme}${id === undefined ? '' : `, id ${sanitizeLine(id)}`}${time}\n`;
}

function describeInvalid({ code, message }: WebhookError): string {
  return `invalid: ${code}: ${sanitizeLine(message)}\n`;
}

function invalid({ code, message }: WebhookError): object {
  return { valid: false, code, message };
}
