import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { followConnection } from '../follow-connection.ts';
import { print } from '../io.ts';
import { openLines } from '../output/lines.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { findResource } from './resources.ts';

/** `mcp resources subscribe URI`: a line for each change of a resource, until it is interrupted. */
export async function resourcesSubscribe(context: CommandContext): Promise<ExitCode> {
  const { io, settings } = context;
  const lines = openLines(settings, io);
  const { server, uri } = await findResource('subscribe', context);
  const subscription = await server.use((client) => client.subscribe(uri));
  if (io.stderr.isTTY === true) await print(io.stderr, 'mcp: waiting for changes; Ctrl-C ends\n');
  const printChanges = async (): Promise<void> => {
    for await (const change of subscription) {
      const time = new Date().toISOString();
      await lines.print({ time, server: server.name, uri, ...change }, `${time} ${sanitizeLine(uri)}`);
    }
  };
  await Promise.race([server.listen(printChanges), followConnection(server, io), lines.readerLeft]);
  return 0;
}
