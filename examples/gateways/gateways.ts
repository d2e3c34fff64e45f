import { createTestServer } from '@toolwire/testing';
import { referenceGateway, type ReferenceGateway } from '@toolwire/testing/gateway';

/** What the gateways want as `Authorization: Bearer`. */
export const token = process.env['GATEWAY_TOKEN'] ?? 'a-token-of-the-example';

export interface Landscape extends AsyncDisposable {
  readonly east: ReferenceGateway;
  readonly west: ReferenceGateway;
  /** The MCP server that both are to serve. */
  readonly serverUrl: string;
  /** The inputs that the server has processed, in order. */
  readonly processed: readonly unknown[];
}

/** Starts a server and two gateways that do not know it yet, each on a free port of 127.0.0.1. */
export async function startLandscape(): Promise<Landscape> {
  const processed: unknown[] = [];
  const server = createTestServer({
    name: 'my-server',
    tools: {
      process_data: {
        description: 'Processes its input',
        annotations: { idempotentHint: true },
        inputSchema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
        handler({ input }) {
          processed.push(input);
          return { processed: input };
        },
      },
    },
  });
  const { url: serverUrl } = await server.listen();
  const [east, west] = await Promise.all([referenceGateway({ token }), referenceGateway({ token })]);
  const close = async (): Promise<void> => {
    await Promise.all([east.close(), west.close()]);
    await server.close();
  };
  return { east, west, serverUrl, processed, [Symbol.asyncDispose]: close };
}
