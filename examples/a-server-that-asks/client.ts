import assert from 'node:assert/strict';
import { connect, type ElicitRequestParams, type ElicitResult, type Handlers } from '@toolwire/client-core';
import { startServer } from './server.ts';

const handlers: Handlers = {
  elicitation: fillForm,
  roots: () => {
    console.log('  server asks for the folders it may use');
    return [{ uri: 'file:///projects', name: 'Projects' }];
  },
};

await using server = await startServer();

for (const protocolVersion of ['auto', '2025-11-25'] as const) {
  await using client = await connect(server.url, { protocolVersion, handlers });
  console.log(`Over ${client.server?.protocolVersion}:`);

  const planned = await client.callTool('plan_project', { name: 'kite' });
  console.log(`  ${planned.text()}`);
  assert.equal(planned.text(), 'file:///projects/kite: TypeScript, MIT');

  const refused = await client.callTool('plan_project', { name: 'unwanted' });
  console.log(`  ${refused.text()}`);
  assert.equal(refused.text(), 'Nothing was planned.');
}

/** A program with a screen would show the form; this one knows what to answer. */
function fillForm(request: ElicitRequestParams): ElicitResult {
  console.log(`  server asks: ${request.message}`);
  if (request.mode === 'url' || request.message.includes('unwanted')) return { action: 'decline' };
  // The license is left out: the form's own default takes its place.
  return { action: 'accept', content: { language: 'TypeScript' } };
}
