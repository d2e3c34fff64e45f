import type { ProviderOptions, StoredLogin, TokenStore } from '@toolwire/client-core';

type Provider = ProviderOptions['provider'];

/** A program that logs in with a secret of its own (client credentials), and keeps its token in `store`. */
export function machineProvider(key: string, store: TokenStore, { clientInformation }: StoredLogin): Provider {
  const scope = clientInformation !== undefined && 'scope' in clientInformation ? clientInformation.scope : undefined;
  const save = async (tokens: StoredLogin['tokens']): Promise<void> =>
    store.set(key, { ...(await store.get(key)), tokens });
  return {
    redirectUrl: undefined,
    clientMetadata: { redirect_uris: [], grant_types: ['client_credentials'] },
    clientInformation: () => clientInformation,
    tokens: async () => (await store.get(key))?.tokens,
    saveTokens: save,
    prepareTokenRequest(wanted) {
      const scopes = new Set(`${scope ?? ''} ${wanted ?? ''}`.split(' ').filter((each) => each !== ''));
      return new URLSearchParams({
        grant_type: 'client_credentials',
        ...(scopes.size > 0 && { scope: [...scopes].join(' ') }),
      });
    },
    invalidateCredentials: async (what) => {
      if (what === 'all' || what === 'tokens') await save(undefined);
    },
    redirectToAuthorization: refuse,
    saveCodeVerifier: refuse,
    codeVerifier: refuse,
  };
}

function refuse(): never {
  throw new Error('a program logs in by itself, without a person');
}
