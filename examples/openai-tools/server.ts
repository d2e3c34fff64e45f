import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const users = new Map([[123, { user_id: 123, name: 'Ada Lovelace', city: 'London' }]]);
const inputSchema = z.object({ user_id: z.number().int().describe('The ID of the user') });

serveStdio(() => {
  const server = new McpServer({ name: 'users', version: '1.0.0' });
  const look = { description: 'Get a user by ID', inputSchema, annotations: { readOnlyHint: true } };
  server.registerTool('get_user', look, ({ user_id }) => {
    const user = users.get(user_id);
    return { content: [{ type: 'text', text: user === undefined ? 'No such user' : JSON.stringify(user) }] };
  });
  const destroy = { description: 'Delete a user by ID', inputSchema, annotations: { destructiveHint: true } };
  server.registerTool('delete_user', destroy, ({ user_id }) => ({
    content: [{ type: 'text', text: users.delete(user_id) ? 'Deleted' : 'No such user' }],
  }));
  return server;
});
