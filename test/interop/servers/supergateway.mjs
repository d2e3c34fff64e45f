// supergateway shows a stdio server, here one of the official SDK v1, over WebSocket.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderOf, installFromNpm } from '../install.mjs';
import { startProcess } from '../process.mjs';

export const title = 'supergateway 4.0.0, stdioToWs';

// It puts its own prefix before each id: answers to questions and cancellations do not find the server's request.
export const verbs = ['list', 'call', 'many', 'large', 'failure', 'progress', 'log', 'changes', 'reconnect'];

export const install = () => installFromNpm('supergateway', 'supergateway@4.0.0');

export async function start() {
  const server = fileURLToPath(new URL('../../servers/v1-server.mjs', import.meta.url));
  const loopback = new URL('../../servers/loopback-listen.mjs', import.meta.url).href; // It has no option for it.
  const script = join(folderOf('supergateway'), 'node_modules/supergateway/dist/index.js');
  const command = `"${process.execPath}" "${server}" --page-size 50`;
  const args = [
    '--import',
    loopback,
    script,
    '--stdio',
    command,
    '--outputTransport',
    'ws',
    '--messagePath',
    '/message',
  ];
  const { match, close } = await startProcess(process.execPath, args, { ready: /http:\/\/(127\.0\.0\.1:\d+)/ });
  return { url: `ws://${match[1]}/message`, close };
}
