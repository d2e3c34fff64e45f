import type { CommandContext } from './context.ts';
import type { OpenServer } from './servers.ts';
import type { ServerTarget } from './targets.ts';

/** What one server answered. */
export type Answer<T> =
  | { readonly server: OpenServer; readonly value: T; readonly error?: undefined }
  | { readonly server: OpenServer; readonly value?: undefined; readonly error: unknown };

/** Asks all of `targets` at the same time; a dead one hides no other. */
export function askAll<T>(
  targets: readonly ServerTarget[],
  { servers, settings }: Pick<CommandContext, 'servers' | 'settings'>,
  ask: (server: OpenServer) => Promise<T>,
): Promise<readonly Answer<T>[]> {
  return Promise.all(
    targets.map(async (target): Promise<Answer<T>> => {
      const server = servers.open(target, settings);
      try {
        return { server, value: await ask(server) };
      } catch (error) {
        return { server, error };
      }
    }),
  );
}

/** The answers that are there, each with the server that gave it. */
export function answered<T>(answers: readonly Answer<T>[]): readonly { server: OpenServer; value: T }[] {
  return answers.flatMap(({ server, value, error }) => (error === undefined ? [{ server, value: value as T }] : []));
}

/** The failures of those that gave none. */
export function failuresIn(answers: readonly Answer<unknown>[]): readonly unknown[] {
  return answers.flatMap(({ error }) => (error === undefined ? [] : [error]));
}
