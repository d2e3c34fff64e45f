// IBM's ContextForge relays each frame at /ws to its own POST /rpc, one after another, and pushes nothing: no progress,
// no logs, no questions. Behind it stands a server of the official SDK v1.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { folderOf, installFromPyPI } from '../install.mjs';
import { startProcess } from '../process.mjs';

export const title = 'ContextForge 1.0.7, /ws';

export const verbs = ['list', 'call', 'many', 'large', 'failure', 'no token', 'reconnect'];

export const install = () => installFromPyPI('context-forge', 'python3.11', 'mcp-contextforge-gateway==1.0.7');

export async function start() {
  const upstream = await startUpstream();
  try {
    const port = await freePort();
    const secrets = { JWT_SECRET_KEY: secret(), AUTH_ENCRYPTION_SECRET: secret() };
    const gateway = await startGateway(port, secrets);
    const close = async () => {
      await gateway.close();
      await upstream.close();
    };
    try {
      const authorization = `Bearer ${await tokenFor(secrets)}`;
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

async function startGateway(port, secrets) {
  const folder = folderOf('context-forge');
  await rm(join(folder, 'cf.db'), { force: true });
  const env = {
    ...secrets,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: 'sqlite:///./cf.db',
    CACHE_TYPE: 'memory',
    PLATFORM_ADMIN_EMAIL: 'admin@example.com',
    PLATFORM_ADMIN_PASSWORD: secret(),
    PASSWORD_CHANGE_ENFORCEMENT_ENABLED: 'false',
    ADMIN_REQUIRE_PASSWORD_CHANGE_ON_BOOTSTRAP: 'false',
    SSRF_ALLOW_LOCALHOST: 'true',
    SSRF_ALLOW_PRIVATE_NETWORKS: 'true',
    RATE_LIMITING_ENABLED: 'false',
    LOG_LEVEL: 'INFO', // It says when it is ready.
    MCPGATEWAY_UI_ENABLED: 'false',
    MCPGATEWAY_ADMIN_API_ENABLED: 'true',
    MCPGATEWAY_WS_RELAY_ENABLED: 'true', // Off by default.
  };
  const args = ['--host', '127.0.0.1', '--port', String(port)];
  return startProcess(join(folder, 'bin/mcpgateway'), args, { ready: /Uvicorn running on/, env, cwd: folder });
}

async function tokenFor(secrets) {
  const args = ['-m', 'mcpgateway.utils.create_jwt_token', '--username', 'admin@example.com', '--admin', '--exp', '60'];
  const cwd = folderOf('context-forge');
  const env = { ...process.env, ...secrets };
  const python = join(cwd, 'bin/python');
  const { stdout } = await promisify(execFile)(python, [...args, '--secret', secrets.JWT_SECRET_KEY], { cwd, env });
  return stdout.trim().split('\n').at(-1);
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

function secret() {
  return `${randomBytes(36).toString('base64url')}aA1!`;
}
