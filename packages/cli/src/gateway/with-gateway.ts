import type { Gateway } from '@toolwire/gateway-client';
import type { CommandContext } from '../context.ts';
import type { ServerTarget } from '../targets.ts';
import { gatewayOptions } from './gateway-options.ts';
import { gatewayFailure, openGateway } from './open-gateway.ts';
import { track } from './track.ts';

/** Does `work` with a gateway, and closes it; failures are told as that gateway's. */
export function withGateway<T>(
  target: ServerTarget,
  { settings, io }: CommandContext,
  work: (gateway: Gateway) => Promise<T>,
): Promise<T> {
  return track(io, target.name, async () => {
    let gateway: Gateway | undefined;
    try {
      gateway = await openGateway(target, gatewayOptions(settings));
      return await work(gateway);
    } catch (error) {
      throw gatewayFailure(target.name, error);
    } finally {
      await gateway?.close();
    }
  });
}
