// A stdio server in a few lines; its argument is what goes wrong: `silent`, `dies`, `stubborn` (can only be killed).
import { createInterface } from 'node:readline';
import { answerRequest, type FixtureRequest } from './tools.ts';

const [mode] = process.argv.slice(2);
process.stderr.write('fixture: starting\n');
if (mode === 'dies') {
  process.stderr.write('fixture: \u001b[31mno database\u001b[0m\n');
  process.exit(3);
}
if (mode === 'stubborn') {
  process.stderr.write(`fixture: pid ${process.pid}\n`);
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1_000);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as FixtureRequest; // Only the command under test writes here.
  if (mode === 'silent' || request.id === undefined) return;
  if (request.method === 'tools/call' && request.params?.name === 'die') {
    process.stderr.write('fixture: dying\n');
    process.exit(9);
  }
  const answer = answerRequest(request);
  if (answer !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, ...answer })}\n`);
});
