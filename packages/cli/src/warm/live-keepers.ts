import type { Io } from '../io.ts';
import type { KeeperStatus } from './messages.ts';
import { reachKeeper } from './reach-keeper.ts';
import { runtimeFolder, socketsIn } from './runtime-folder.ts';

/** A keeper that answers, and its socket. */
export interface LiveKeeper extends KeeperStatus {
  readonly socket: string;
}

/** All of this user's keepers, by name. */
export async function liveKeepers({ env }: Pick<Io, 'env'>): Promise<readonly LiveKeeper[]> {
  const asked = socketsIn(runtimeFolder(env)).map(async (socket): Promise<readonly LiveKeeper[]> => {
    const keeper = await reachKeeper(socket);
    await keeper?.wire.close();
    return keeper === undefined ? [] : [{ ...keeper.status, socket }];
  });
  return (await Promise.all(asked)).flat().toSorted((one, other) => one.name.localeCompare(other.name));
}
