import { AuthError, loginKey } from '@toolwire/client-core';
import { loginStore } from '../auth/login-store.ts';
import { namedServer } from '../auth/named-server.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { ServerFailure } from '../server-failure.ts';

/** `mcp auth token SERVER`: the token that the server takes, for scripts; renewed when the server takes the old one no more. */
export async function authToken(context: CommandContext): Promise<ExitCode> {
  const { settings, servers, io } = context;
  if (io.stdout.isTTY === true && !settings.own.has('show'))
    throw new CliError('usage', 'A token is not shown on a terminal', 'Pipe it to where it is needed, or add --show');
  const { name, target, url } = await namedServer(context);
  const store = loginStore(io, settings.verbose);
  const key = loginKey(url);
  if ((await store.get(key)) !== undefined) {
    // The server alone knows what it still takes.
    await servers.open(target, settings).use((client) => client.connect(), 'auth token');
  }
  const token = (await store.get(key))?.tokens?.access_token;
  if (token === undefined)
    throw new ServerFailure(name, [], new AuthError(`Nobody has logged in to ${name}`, { status: 401 }));
  await print(io.stdout, `${io.stdout.isTTY === true ? sanitizeLine(token) : token}\n`);
  return 0;
}
