import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** The official TypeScript client as its README connects it. */
export async function connect(target, onNotification) {
  const client = new Client({ name: 'official', version: '1.0.0' });
  if (onNotification) client.setNotificationHandler('notifications/message', onNotification);
  await client.connect(
    target.url ? new StreamableHTTPClientTransport(new URL(target.url)) : new StdioClientTransport(target),
  );
  return {
    call: async (name, args) => (await client.callTool({ name, arguments: args })).content[0].text,
    close: () => client.close(),
  };
}
