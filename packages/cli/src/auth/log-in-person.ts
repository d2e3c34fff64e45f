import { logIn, loginKey, memoryTokenStore, type LogInOptions, type StoredLogin } from '@toolwire/client-core';
import type { CommandContext } from '../context.ts';
import { askPerson } from './ask-person.ts';
import { readClientFlags, scopesOf, type ClientFlags } from './client-flags.ts';
import type { KeptLogin } from './login-store.ts';
import type { NamedServer } from './named-server.ts';

/** A person agrees in a browser; nothing comes of it where the server wants no login. */
export async function logInPerson(
  { url, network }: NamedServer,
  context: CommandContext,
  before: KeptLogin | undefined,
): Promise<StoredLogin | undefined> {
  const { settings, io } = context;
  const { own } = settings;
  const client = await readClientFlags(context);
  // Who asks for more keeps what was granted.
  const scope = scopesOf(context, own.has('scope') ? before?.tokens?.scope : undefined);
  const redirectUrl = own.last('redirect-url');
  const store = memoryTokenStore(); // What is kept so far stays until this one is complete.
  const done = new AbortController();
  const means = { mayOpenBrowser: !own.has('no-browser'), mayAsk: !settings.noInput, until: done.signal };
  try {
    await logIn(url, {
      ...network,
      ...optionsOf(client),
      ...(redirectUrl !== undefined && { redirectUrl }),
      ...(scope !== undefined && { scope }),
      ...(io.interrupted !== undefined && { signal: io.interrupted }),
      clientName: 'mcp',
      store,
      redirectToAuthorization: askPerson(io, means),
    });
  } finally {
    done.abort();
  }
  const login = await store.get(loginKey(url));
  return login?.tokens === undefined ? undefined : withClient(login, client);
}

function optionsOf({ clientId, clientSecret, issuer }: ClientFlags): Omit<LogInOptions, 'store'> {
  return {
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(issuer !== undefined && { expectedIssuer: issuer }),
  };
}

/** A client that was named is not in what the login brought, and is needed to renew it. */
function withClient(login: StoredLogin, { clientId, clientSecret }: ClientFlags): StoredLogin {
  if (clientId === undefined) return login;
  const issuer = login.tokens?.issuer;
  return {
    ...login,
    clientInformation: {
      client_id: clientId,
      ...(clientSecret !== undefined && { client_secret: clientSecret }),
      ...(issuer !== undefined && { issuer }),
    },
  };
}
