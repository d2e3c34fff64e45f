import type { OpenServer } from './servers.ts';
import { print, type Io } from './io.ts';
import { sanitizeLine } from './output/sanitize.ts';

/** Says on stderr when a server that is listened to is lost; rejects when it is given up. */
export async function followConnection(server: OpenServer, { stderr }: Pick<Io, 'stderr'>): Promise<void> {
  await server.listen(async (client) => {
    for await (const status of client.status()) {
      if (status.type === 'closed' && status.reason !== undefined) throw status.reason;
      if (status.type !== 'reconnecting') continue;
      await print(stderr, `mcp: ${sanitizeLine(server.name)}: the connection is lost, and opened again\n`);
    }
  });
}
