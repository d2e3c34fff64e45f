// A receiver that remembers deliveries in a file, and notes every event that it handles in another. It prints its address.
// WEBHOOK_SECRET, RECEIVER_FOLDER, RECEIVER_PORT; RECEIVER_DIES="before-effect:7" kills it at the seventh event of all.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createReceiver } from '@toolwire/webhooks';
import { nodeHandler } from '@toolwire/webhooks/node';
import { sqliteStore } from '@toolwire/webhooks/sqlite';

const { WEBHOOK_SECRET, RECEIVER_FOLDER, RECEIVER_PORT = '0', RECEIVER_DIES = '' } = process.env;
const handled = join(RECEIVER_FOLDER, 'handled.jsonl');
const deaths = RECEIVER_DIES.split(' ').filter((death) => !existsSync(join(RECEIVER_FOLDER, death)));

const countHandled = () => (existsSync(handled) ? readFileSync(handled, 'utf8').split('\n').length - 1 : 0);

/** Dies as by a power cut, the first time that the receiver gets here. */
function dieIf(moment, count) {
  const death = `${moment}:${count}`;
  if (!deaths.includes(death)) return;
  writeFileSync(join(RECEIVER_FOLDER, death), '');
  process.kill(process.pid, 'SIGKILL');
}

const receiver = createReceiver({
  secrets: WEBHOOK_SECRET,
  dedupe: sqliteStore(join(RECEIVER_FOLDER, 'deliveries.sqlite')),
  claimMs: 300,
  on: {
    tool_executed(event, { id }) {
      dieIf('before-effect', countHandled() + 1);
      appendFileSync(handled, `${JSON.stringify({ id, n: event.params.n })}\n`);
    },
  },
});

const handle = nodeHandler(receiver);
const server = createServer((request, response) => {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (...head) => {
    dieIf('before-answer', countHandled());
    return writeHead(...head);
  };
  handle(request, response);
});
server.listen(Number(RECEIVER_PORT), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`);
});
