import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReceiver, type ToolExecutedEvent, type WebhookErrorCode } from '@toolwire/webhooks';
import { nodeHandler } from '@toolwire/webhooks/node';

interface RunningReceiver extends AsyncDisposable {
  readonly url: string;
  /** The events that were handled. */
  readonly events: ToolExecutedEvent[];
  /** Why requests were refused; who sent them only hears 401. */
  readonly refusals: WebhookErrorCode[];
}

/** Receives webhooks on a free port of this machine; disposing of it ends it. */
export async function startReceiver(secret: string): Promise<RunningReceiver> {
  const events: ToolExecutedEvent[] = [];
  const refusals: WebhookErrorCode[] = [];
  const receiver = createReceiver({
    secrets: secret,
    on: {
      tool_executed(event, { id }) {
        console.log(`  [receiver] ${event.tool} was executed (${id})`);
        events.push(event);
      },
    },
    onError({ code }) {
      console.log(`  [receiver] refused: ${code}`);
      refusals.push(code);
    },
  });
  const server = createServer(nodeHandler(receiver)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `http://127.0.0.1:${port}/webhooks/mcp`,
    events,
    refusals,
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
    },
  };
}
