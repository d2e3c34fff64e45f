import type { StoredLogin } from '@toolwire/client-core';
import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';

/** A token that was got elsewhere, from standard input. */
export async function logInWithToken(io: Io): Promise<StoredLogin> {
  if (io.stdin.isTTY === true)
    throw new CliError('usage', '--with-token reads a pipe', 'mcp auth login URL --with-token < token.txt');
  const token = (await textReader(io)('-')).trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CliError('usage', 'Standard input holds no token, or more than one word');
  return { tokens: { access_token: token, token_type: 'Bearer' } };
}
