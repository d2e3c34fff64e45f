import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a server allows pages to send is what its era knows: a new header must not keep a client from an old server. */
const allowed = {
  'http+sse': 'content-type, authorization, mcp-protocol-version',
  legacy: 'content-type, authorization, mcp-session-id, mcp-protocol-version, last-event-id',
  modern: 'content-type, authorization, mcp-protocol-version, mcp-method, mcp-name, mcp-param-region',
};

/** Each server that the page talks to: a program, its arguments, and the headers that it allows. */
const programs = {
  'http-legacy': ['../servers/v1-server.mjs', ['--transport', 'http'], allowed.legacy],
  'http-modern': ['../servers/v2-server.mjs', ['--transport', 'http'], allowed.modern],
  'http-sse': ['../servers/v1-server.mjs', ['--transport', 'sse'], allowed['http+sse']],
  'ws-legacy': ['../interop/official-server.mjs', ['v1']],
  'ws-modern': ['../interop/official-server.mjs', ['v2']],
  plain: ['plain-server.mjs', [], 'content-type, last-event-id'],
  fluxbase: [
    '../servers/fluxbase.ts',
    ['--limit', '3', '--window', '300'],
    'content-type, x-client-key, mcp-protocol-version',
  ],
};

/** Starts every server, each a process of its own. */
export async function startServers() {
  const entries = await Promise.all(
    Object.entries(programs).map(async ([name, program]) => [name, await startServer(...program)]),
  );
  const servers = Object.fromEntries(entries);
  return {
    urls: Object.fromEntries(entries.map(([name, { url }]) => [name, url])),
    /** Does what a page asks for: kills or starts a server, or tells it something. */
    async control(name, verb, value) {
      await servers[name][verb](value);
    },
    close: () => Promise.all(Object.values(servers).map(({ kill }) => kill())),
  };
}

async function startServer(script, args, allowedHeaders = '') {
  const command = ['--import', new URL('for-pages.mjs', import.meta.url).href, pathOf(script), ...args];
  let url = '';
  let child;

  /** Resolves when it listens, at the port that it had before. */
  async function start() {
    const PORT = url === '' ? '0' : new URL(url).port;
    const started = spawn(process.execPath, command, {
      env: { ...process.env, PORT, ALLOWED_HEADERS: allowedHeaders },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = started;
    url = await new Promise((resolve, reject) => {
      createInterface(started.stdout).once('line', resolve);
      started.once('exit', (code) => reject(new Error(`${script} exited with ${code}`)));
    });
  }

  /** Ends it like a crash. */
  async function kill() {
    const ended = child;
    child = undefined;
    if (ended === undefined) return;
    ended.kill('SIGKILL');
    await once(ended, 'exit');
  }

  await start();
  return { url, start, kill, tell: (value) => void child.stdin.write(`${JSON.stringify(value)}\n`) };
}

function pathOf(script) {
  return fileURLToPath(new URL(script, import.meta.url));
}
