import assert from 'node:assert/strict';
import { connect } from '@toolwire/client-core';
import { createBridge } from '@toolwire/openai-bridge';
import OpenAI from 'openai';
import { startModel } from './model.ts';

// With a model of OpenAI's: `new OpenAI()`, an OPENAI_API_KEY, and its name below.
await using standIn = await startModel();
const openai = new OpenAI({ apiKey: 'none', baseURL: standIn.url });
const model = 'gpt-4';

await using client = await connect({ command: process.execPath, args: ['server.ts'], cwd: import.meta.dirname });
const bridge = createBridge(client);

console.log('Step by step: convert the tools, ask, make the calls');
{
  const tools = await bridge.tools('chat');
  const response = await openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Get user with ID 123' }],
    tools,
    tool_choice: 'auto',
  });
  const results = await bridge.execute(response.choices[0]?.message.tool_calls ?? []);
  for (const { content } of results) console.log('  Tool result:', content);
  assert.match(JSON.stringify(results), /Ada Lovelace/);
}

console.log('In one go: until the model has said what it has to say');
{
  const messages = [{ role: 'user' as const, content: 'Get user with ID 123' }];
  const { text, runs } = await bridge.chat(openai, { model, messages });
  console.log(`  ${text}`);
  assert.match(text, /Ada Lovelace/);
  assert.deepEqual(runs[0]?.args, { user_id: 123 });
}

console.log('Asking first: before a tool that destroys');
{
  const { text } = await bridge.chat(
    openai,
    { model, messages: [{ role: 'user', content: 'Delete user with ID 123' }] },
    { approve: ({ tool }) => tool.annotations?.destructiveHint !== true || 'not today' },
  );
  console.log(`  ${text}`);
  assert.match(text, /declined this call: not today/);
  assert.match((await client.callTool('get_user', { user_id: 123 })).text(), /Ada/);
}
