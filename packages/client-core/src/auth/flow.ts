import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import type { CallbackAnswer } from './callback.ts';

/** The official client, which is loaded when a server asks for a login. */
export type OfficialClient = typeof import('@modelcontextprotocol/client');

/** A way to get tokens: a provider for the official client, and what a person has to do with it. */
export interface Flow {
  readonly provider: OAuthClientProvider;
  /** Runs `work` while no other process renews the same login. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Gets ready for a person, who may turn out to be needed; resolves when the newest tokens are known. */
  begin(): Promise<void>;
  /** The person will be asked for these scopes, whatever tokens there are. */
  askFor(scope: string): void;
  /** What the person brought back. */
  answer(): Promise<CallbackAnswer>;
  end(): void;
}

/** A flow that no person takes part in, or one that is finished elsewhere. */
export function unattended(provider: OAuthClientProvider, onNeedsPerson: () => Error): Flow {
  return {
    provider,
    exclusively: (work) => work(),
    begin: async () => {},
    askFor: () => {},
    answer: () => Promise.reject(onNeedsPerson()),
    end: () => {},
  };
}
