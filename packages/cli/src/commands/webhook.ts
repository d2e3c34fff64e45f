import { isWebhookError } from '@toolwire/webhooks';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { webhookHelp } from './webhook-help.ts';
import { parseWebhookLine, type WebhookLine, type WebhookVerb } from './webhook-line.ts';
import { webhookListen } from './webhook-listen.ts';
import { webhookSecret } from './webhook-secret.ts';
import { webhookSend } from './webhook-send.ts';
import { webhookSign } from './webhook-sign.ts';
import { webhookVerify } from './webhook-verify.ts';

const verbs: Record<WebhookVerb, (line: WebhookLine, io: Io) => Promise<ExitCode>> = {
  listen: webhookListen,
  secret: webhookSecret,
  send: webhookSend,
  sign: webhookSign,
  verify: webhookVerify,
};

/** `mcp webhook …`: makes, sends, receives and checks signed webhooks. */
export async function webhook(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [verb = 'help'] = argv;
  if (['help', '--help', '-h'].includes(verb)) return showHelp(io);
  const line = parseWebhookLine(argv);
  if (line.has('help')) return showHelp(io);
  try {
    return await verbs[line.verb](line, io);
  } catch (error) {
    throw isWebhookError(error) ? new CliError('usage', error.message) : error;
  }
}

async function showHelp({ stdout }: Io): Promise<ExitCode> {
  await print(stdout, webhookHelp);
  return 0;
}
