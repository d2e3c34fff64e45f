import type { Socket } from 'node:net';
import type { JsonObject, Transport } from '@toolwire/client-core';
import { isObject } from '../proxy/envelope.ts';
import { keeperMethod, type KeeperStatus } from './messages.ts';
import { isPrivate } from './runtime-folder.ts';
import { socketWire } from './socket-wire.ts';

/** A keeper that takes longer to say who it is, in milliseconds, is as good as none. */
const patienceMs = 2_000;

/** A wire to a keeper, and what that says of itself. */
export interface ReachedKeeper {
  readonly wire: Transport;
  readonly status: KeeperStatus;
}

/**
 * Calls a keeper at its socket; `undefined` where none answers, where it keeps another server than the one of `identity`,
 * and where somebody else could have put the socket.
 */
export async function reachKeeper(path: string, identity?: string): Promise<ReachedKeeper | undefined> {
  if (!isPrivate(path) || !isPrivate(path.slice(0, path.lastIndexOf('/')))) return undefined;
  const socket = await connect(path);
  if (socket === undefined) return undefined;
  const wire = socketWire(socket);
  await wire.start();
  const status = await ask(wire, keeperMethod.status, identity === undefined ? {} : { identity });
  if (status !== undefined) return { wire, status: status as unknown as KeeperStatus }; // As the keeper wrote it.
  await wire.close();
  return undefined;
}

/** The answer of a keeper to a question of ours; `undefined` when it has none in time. */
export function ask(wire: Transport, method: string, params: JsonObject = {}): Promise<object | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patienceMs);
    const settle = (message?: unknown): void => {
      clearTimeout(timer);
      resolve(isObject(message) && isObject(message['result']) ? message['result'] : undefined);
    };
    wire.onmessage = settle;
    wire.onclose = () => settle();
    void wire.send({ jsonrpc: '2.0', id: 0, method, params });
  });
}

function connect(path: string): Promise<Socket | undefined> {
  const { lstatSync, rmSync } = process.getBuiltinModule('node:fs');
  const inode = (): number | undefined => lstatSync(path, { throwIfNoEntry: false })?.ino;
  const before = inode();
  return new Promise((resolve) => {
    const socket = process.getBuiltinModule('node:net').connect(path, () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // Its keeper was killed: nobody listens, and nobody ever will.
      if (error.code === 'ECONNREFUSED' && inode() === before) rmSync(path, { force: true });
      resolve(undefined);
    });
  });
}
