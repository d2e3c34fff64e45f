import type { Io } from '../io.ts';
import type { KeptServer } from './kept-server.ts';
import type { KeeperStatus } from './messages.ts';
import { reachKeeper } from './reach-keeper.ts';
import { serverIdentity, socketOf } from './server-identity.ts';
import { startKeeper } from './start-keeper.ts';

/** Finds the keeper of a server, or starts one, which waits for the first caller to have it connect. */
export async function ensureKeeper(server: Omit<KeptServer, 'identity' | 'socket'>, io: Io): Promise<KeeperStatus> {
  const identity = serverIdentity(server.config, io);
  const socket = socketOf(identity, io);
  const keeper = await reachKeeper(socket, identity);
  if (keeper === undefined) return startKeeper({ ...server, identity, socket }, io);
  await keeper.wire.close();
  return keeper.status;
}
