// Answers each method with the value under its name in the JSON object that is its first argument. In such a value the text
// `$id` becomes the request's id, and `"$id"` a string of it. A value that is a string is written as it is.
import { createInterface } from 'node:readline';

const answers = {
  'server/discover': { jsonrpc: '2.0', id: '$id', error: { code: -32601, message: 'Method not found' } },
  initialize: {
    jsonrpc: '2.0',
    id: '$id',
    result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'raw', version: '0' } },
  },
  ...JSON.parse(process.argv[2] ?? '{}'),
};

for await (const line of createInterface(process.stdin)) {
  const { id, method } = JSON.parse(line);
  const answer = answers[method];
  if (answer === undefined) continue;
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const withId = text.replaceAll(String.raw`"\"$id\""`, `"${id}"`).replaceAll('"$id"', JSON.stringify(id));
  process.stdout.write(`${withId}\n`);
}
