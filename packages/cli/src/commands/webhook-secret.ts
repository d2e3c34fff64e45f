import { generateSecret } from '@toolwire/webhooks';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { printJson } from '../output/json.ts';
import type { WebhookLine } from './webhook-line.ts';

/** `mcp webhook secret`: prints a new secret. */
export async function webhookSecret(line: WebhookLine, { stdout }: Io): Promise<ExitCode> {
  if (line.operands.length > 0) throw new CliError('usage', 'mcp webhook secret takes no arguments');
  const secret = generateSecret();
  await (line.has('json') ? printJson(stdout, { secret }) : print(stdout, `${secret}\n`));
  return 0;
}
