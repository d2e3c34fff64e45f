import { mayBeTheSubprotocol, openWire } from '#platform';
import type { Wire, WireListener, WireRequest } from './wire.ts';

/** Servers that were found to take no subprotocol, so that a reconnection asks as they like it. */
const withoutSubprotocol = new Set<string>();

/** Opens a wire with the subprotocol `mcp`, or with none where a server does not know it: found out once. */
export async function openWithSubprotocol(
  request: Omit<WireRequest, 'protocols'>,
  listener: WireListener,
): Promise<Wire> {
  const { place, signal } = request;
  const offers = withoutSubprotocol.has(place) ? [[], ['mcp']] : [['mcp'], []];
  let refusal: unknown;
  for (const protocols of offers) {
    try {
      const wire = await openWire({ ...request, protocols }, listener);
      if (protocols.length === 0) withoutSubprotocol.add(place);
      else withoutSubprotocol.delete(place);
      return wire;
    } catch (error) {
      if (signal.aborted || !mayBeTheSubprotocol(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
