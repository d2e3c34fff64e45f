import { connect as connectToolwire } from '@toolwire/client-core';

/** Toolwire with every default: retries, deadlines, recovery and tolerance are on. */
export async function connect(target, onNotification) {
  const client = await connectToolwire(target, onNotification && { onLog: onNotification });
  return {
    call: async (name, args) => (await client.callTool(name, args)).text(),
    close: () => client.close(),
  };
}
