// The last major version of the official Python SDK with a server for WebSocket.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderOf, installFromPyPI } from '../install.mjs';
import { startProcess } from '../process.mjs';

export const title = 'Python SDK 1.30.0, websocket_server';

export const verbs = [
  'list',
  'call',
  'many',
  'large',
  'failure',
  'progress',
  'cancel',
  'log',
  'elicitation',
  'changes',
  'reconnect',
];

export const install = () => installFromPyPI('python-sdk', 'python3', 'mcp[ws]==1.30.0', 'uvicorn==0.54.0');

export async function start() {
  const script = fileURLToPath(new URL('python-sdk-server.py', import.meta.url));
  const python = join(folderOf('python-sdk'), 'bin/python');
  const { match, close } = await startProcess(python, [script], { ready: /running on http:\/\/(127\.0\.0\.1:\d+)/ });
  return { url: `ws://${match[1]}/mcp`, close };
}
