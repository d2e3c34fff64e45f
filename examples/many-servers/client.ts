import assert from 'node:assert/strict';
import { isMcpError, McpHub } from '@toolwire/client-core';
import { startServers, type Issue } from './servers.ts';

await using servers = await startServers();

await using hub = new McpHub(
  {
    github: servers.urls.github,
    jira: { target: servers.urls.jira, allow: ['create_*'] },
    slack: servers.urls.slack,
    wiki: 'http://127.0.0.1:9/mcp', // Nothing listens there.
  },
  { connectTimeoutMs: 500 },
);

const { ready, failed } = await hub.connect({ onError: 'skip' });
console.log(`Ready: ${ready.join(', ')}; without: ${failed.map(({ server }) => server).join(', ')}`);
assert.deepEqual(ready, ['github', 'jira', 'slack']);

const tools = (await hub.listTools({ servers: ready })).map(({ name }) => name);
console.log(`Tools: ${tools.join(', ')}`);
assert.deepEqual(tools, ['github/list_issues', 'jira/create_ticket', 'slack/send_message']);

const [sender] = await hub.findTools('tell a channel', { servers: ready });
assert(sender, 'no tool tells a channel');

const answer = await hub.callTool('github/list_issues', { repo: 'myorg/kites', state: 'open' });
for (const { number, title, body } of answer.json() as Issue[]) {
  const ticket = await hub.callTool('jira/create_ticket', { title, description: body });
  const { key } = ticket.structured as { key: string };
  const told = await hub.callTool(sender.name, { channel: '#dev', text: `${key} for issue #${number}: ${title}` });
  assert(!told.isError, told.text());
}
console.log(servers.messages.join('\n'));
assert.deepEqual(servers.messages, ['KITE-1 for issue #7: Kites tangle', 'KITE-2 for issue #9: Tails are short']);

const refusal: unknown = await hub.callTool('jira/delete_project', { key: 'KITE' }).catch((error: unknown) => error);
assert(isMcpError(refusal) && refusal.delivered === 'no');
console.log(`Refused: ${refusal.message}`);
