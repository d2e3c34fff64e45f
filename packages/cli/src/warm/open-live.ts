import { McpError, type OpenTransport, type ServerConfig, type Transport } from '@toolwire/client-core';
import type { Io } from '../io.ts';
import { isObject, legacyVersions } from '../proxy/envelope.ts';
import type { Route } from '../route-to.ts';
import { failureFrom, type FailureMessage } from './failure-message.ts';
import { keeperMethod } from './messages.ts';
import { reachKeeper } from './reach-keeper.ts';
import { serverIdentity, socketOf } from './server-identity.ts';

/** The way to a server by its warm connection, if there is one. */
export async function openLive(
  config: ServerConfig,
  io: Pick<Io, 'env'>,
  onStderr: (text: string) => void,
): Promise<Route | undefined> {
  const identity = serverIdentity(config, io);
  const path = socketOf(identity, io);
  let reached = await reachKeeper(path, identity);
  if (reached === undefined) return undefined;
  const target: OpenTransport = async () => {
    const keeper = reached ?? (await reachKeeper(path, identity));
    reached = undefined; // A wire serves one connection.
    if (keeper !== undefined) return callerWire(keeper.wire, onStderr);
    throw new McpError('connection-closed', 'The connection is not kept warm any more', { delivered: 'no' });
  };
  // The keeper has agreed with the server: nobody has to find out what they speak.
  return { target, options: { protocolVersion: legacyVersions[0] } };
}

/** The caller's end: failures are what they were in the keeper, and stderr goes where it would go without one. */
function callerWire(wire: Transport, onStderr: (text: string) => void): Transport {
  const transport: Transport = {
    async start() {
      wire.onclose = () => transport.onclose?.();
      wire.onmessage = (message: unknown) => receive(message);
    },
    send: (message) => wire.send(message),
    close: () => wire.close(),
  };

  function receive(message: unknown): void {
    const { id, method, params, failure } = isObject(message) ? message : {};
    if (method === keeperMethod.stderr) onStderr(isObject(params) ? String(params['text']) : '');
    else if (isObject(failure))
      transport.onerror?.(Object.assign(failureFrom(failure as FailureMessage), { requestId: id })); // As the keeper wrote it.
    else transport.onmessage?.(message as never); // Checked by whoever receives it.
  }

  return transport;
}
