import { loginKey, McpClient, memoryTokenStore, type StoredLogin } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import { connectionOptions } from '../connection-options.ts';
import type { CommandContext } from '../context.ts';
import { readClientFlags, scopesOf } from './client-flags.ts';
import { machineProvider } from './machine-provider.ts';
import type { NamedServer } from './named-server.ts';

/** A program shows a secret of its own; nothing comes of it where the server wants no login. */
export async function logInMachine(
  { url, network }: NamedServer,
  context: CommandContext,
): Promise<StoredLogin | undefined> {
  const { clientId, clientSecret, issuer } = await readClientFlags(context);
  const scope = scopesOf(context);
  if (clientId === undefined || clientSecret === undefined)
    throw new CliError(
      'usage',
      '--client-credentials needs a client and its secret',
      'Add --client-id ID, and --client-secret-env NAME or --client-secret-stdin',
    );
  const clientInformation = {
    client_id: clientId,
    client_secret: clientSecret,
    issuer,
    redirect_uris: [],
    grant_types: ['client_credentials'],
    ...(scope !== undefined && { scope }),
  };
  const key = loginKey(url);
  const store = memoryTokenStore();
  await store.set(key, { clientInformation });
  const config = { url, ...network };
  const client = new McpClient(config, {
    ...connectionOptions(config, context.settings.timeoutMs),
    oauth: { provider: machineProvider(key, store, { clientInformation }) },
  });
  try {
    await client.connect();
  } finally {
    await client.close();
  }
  const login = await store.get(key);
  return login?.tokens === undefined ? undefined : login;
}
