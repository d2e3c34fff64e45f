import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';

/** The client that a command line names: who asks for tokens, and whom. */
export interface ClientFlags {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly issuer: string | undefined;
}

/** Reads them; throws a usage error for a secret that would go to somebody unknown. */
export async function readClientFlags(context: CommandContext): Promise<ClientFlags> {
  const { own } = context.settings;
  const client = {
    clientId: own.last('client-id'),
    clientSecret: await readSecret(context),
    issuer: own.last('issuer'),
  };
  if (client.clientSecret === undefined) return client;
  if (client.clientId === undefined) throw new CliError('usage', 'A secret belongs to a client: add --client-id ID');
  if (client.issuer === undefined)
    throw new CliError(
      'usage',
      'A secret is shown to one authorization server only: name it with --issuer URL',
      'Else the MCP server would decide who is sent the secret',
    );
  return client;
}

/** The scopes of the command line, besides those that were granted already. */
export function scopesOf({ settings }: CommandContext, granted = ''): string | undefined {
  const scopes = new Set([granted, ...settings.own.all('scope')].flatMap((text) => text.split(' ')));
  return [...scopes].join(' ').trim() || undefined;
}

/** The secret of a client, from the environment or from standard input: what a command line says, others can see. */
async function readSecret({ settings, io }: CommandContext): Promise<string | undefined> {
  const name = settings.own.last('client-secret-env');
  if (settings.own.has('client-secret-stdin')) {
    if (io.stdin.isTTY === true) throw new CliError('usage', '--client-secret-stdin reads a pipe');
    return (await textReader(io)('-')).trim();
  }
  if (name === undefined) return undefined;
  const secret = io.env[name];
  if (secret === undefined || secret === '') throw new CliError('usage', `The variable ${name} is not set`);
  return secret;
}
