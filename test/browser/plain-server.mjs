// The plain server as a program; each line on its stdin is something to do, such as `["publish", 1]`.
import { createInterface } from 'node:readline';
import { startPlainServer } from '../servers/plain-server.ts';

const server = await startPlainServer();
console.log(server.url);
createInterface(process.stdin)
  .on('line', (line) => {
    const [verb, value] = JSON.parse(line);
    server[verb](value);
  })
  .on('close', () => process.exit(0));
