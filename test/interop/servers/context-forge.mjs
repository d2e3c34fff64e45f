// IBM's ContextForge relays each frame at /ws to its own POST /rpc, one after another, and pushes nothing: no progress,
// no logs, no questions. Behind it stands a server of the official SDK v1.
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { administratorToken, contextForgeVariables } from '../../servers/context-forge.ts';
import { folderOf, installFromPyPI } from '../install.mjs';
import { startProcess } from '../process.mjs';

export const title = 'ContextForge 1.0.7, /ws';

export const verbs = ['list', 'call', 'many', 'large', 'failure', 'no token', 'reconnect'];

export const install = () => installFromPyPI('context-forge', 'python3.11', 'mcp-contextforge-gateway==1.0.7');

export async function start() {
  const upstream = await startUpstream();
  try {
    const port = await freePort();
    const variables = contextForgeVariables(port);
    const gateway = await startGateway(port, variables);
    const close = async () => {
      await gateway.close();
      await upstream.close();
    };
    try {
      const folder = folderOf('context-forge');
      const authorization = `Bearer ${await administratorToken(join(folder, 'bin/python'), variables, folder)}`;
      await register(port, authorization, upstream.url);
      return { url: `ws://127.0.0.1:${port}/ws`, headers: { authorization }, prefix: 'upstream-', close };
    } catch (error) {
      await gateway.close();
      throw error;
    }
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

async function startUpstream() {
  const script = fileURLToPath(new URL('../../servers/v1-server.mjs', import.meta.url));
  const args = [script, '--transport', 'http', '--page-size', '50'];
  const { match, close } = await startProcess(process.execPath, args, { ready: /^http:\S+$/m, stdin: 'pipe' });
  return { url: match[0], close };
}

async function startGateway(port, variables) {
  const folder = folderOf('context-forge');
  await rm(join(folder, 'cf.db'), { force: true });
  // It says when it is ready; its WebSocket is off by default.
  const env = { ...variables, LOG_LEVEL: 'INFO', MCPGATEWAY_WS_RELAY_ENABLED: 'true' };
  const args = ['--host', '127.0.0.1', '--port', String(port)];
  return startProcess(join(folder, 'bin/mcpgateway'), args, { ready: /Uvicorn running on/, env, cwd: folder });
}

async function register(port, authorization, url) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/gateways`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'upstream', url, transport: 'STREAMABLEHTTP' }),
  });
  if (!response.ok) throw new Error(`the gateway refuses its upstream: ${response.status} ${await response.text()}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
