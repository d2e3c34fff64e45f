import assert from 'node:assert/strict';
import { connect, isMcpError } from '@toolwire/client-core';

await using client = await connect({ command: 'npx', args: ['@toolwire/demo-server'] });

console.log('A call that tells how far it is:');
const reached: number[] = [];
const counted = await client.callTool(
  'count_slowly',
  { steps: 3, delay_ms: 50 },
  {
    onProgress: ({ progress, total }) => {
      reached.push(progress);
      console.log(`  ${progress} of ${total}`);
    },
  },
);
console.log(`  ${counted.text()}`);
assert.deepEqual(reached, [1, 2, 3]);

console.log('A call that is given up at the second step:');
const giveUp = new AbortController();
const enough = new Error('two are enough');
const givenUp = client.callTool(
  'count_slowly',
  { steps: 1000, delay_ms: 50 },
  { signal: giveUp.signal, onProgress: ({ progress }) => progress === 2 && giveUp.abort(enough) },
);
assert.equal(await failureOf(givenUp), enough, 'an aborted call rejects with the reason itself');
console.log(`  rejected with our own reason: ${enough.message}`);

console.log('A call that is silent for longer than timeoutMs:');
await showTimeout(client.callTool('count_slowly', { steps: 2, delay_ms: 5000 }, { timeoutMs: 200 }));

console.log('A call whose progress renews timeoutMs, until maxTotalMs is over:');
await showTimeout(client.callTool('count_slowly', { steps: 1000, delay_ms: 50 }, { timeoutMs: 5000, maxTotalMs: 300 }));

console.log('The connection is as good as before:');
const result = await client.callTool('execute_sql_query', { sql: 'SELECT COUNT(*) AS users FROM users' });
assert(!result.isError, result.text());
console.log(`  ${JSON.stringify(result.json())}`);

async function showTimeout(call: Promise<unknown>): Promise<void> {
  const error = await failureOf(call);
  assert(isMcpError(error) && error.code === 'timeout', String(error));
  console.log(`  ${error.name} ${error.code}, delivered: ${error.delivered}: ${error.message}`);
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => assert.fail('the call should have failed'),
    (error: unknown) => error,
  );
}
