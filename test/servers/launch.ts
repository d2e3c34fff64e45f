import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StdioServerConfig } from '@toolwire/client-core';

/** A server process that answers over HTTP on a loopback port of its own. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** What the server has seen so far: sessions, requests by method, cancelled calls. */
  seen(): Promise<Seen>;
  /** Posts to one of the server's controls: `_forget` its sessions, `_cut` its connections. */
  control(name: '_forget' | '_cut'): Promise<void>;
  close(): Promise<void>;
}

/** What the official-SDK servers keep count of. */
export interface Seen {
  started: string[];
  cancelled: string[];
  methods: string[];
  subscribed?: string[];
  /** Method and path of every HTTP request. */
  requests?: string[];
  sessions?: number;
  client?: Record<string, unknown>;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The stdio command of one of our own servers. */
export function stdioServer(name: 'v1-server' | 'v2-server', args: readonly string[] = []): StdioServerConfig {
  return { command: process.execPath, args: [script(`${name}.mjs`), ...args] };
}

/** The stdio command of a server that answers each method with this value; `"$id"` in it becomes the request's id. */
export function rawStdioServer(answers: Record<string, unknown>): StdioServerConfig {
  return { command: process.execPath, args: [script('raw-stdio-server.mjs'), JSON.stringify(answers)] };
}

/** Starts one of our own servers over HTTP; resolves when it listens. */
export async function startHttpServer(
  name: 'v1-server' | 'v2-server',
  args: readonly string[] = [],
): Promise<HttpServer> {
  return startProcess([script(`${name}.mjs`), '--transport', 'http', ...args]);
}

/** The published reference servers that the tests talk to. */
export type ReferenceServer = 'everything' | 'filesystem' | 'memory' | 'sequential-thinking';

function referenceScript(name: ReferenceServer): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve(`@modelcontextprotocol/server-${name}/package.json`)), 'dist/index.js');
}

/** The stdio command of a reference server; `args` follow the script, `env` is added to the environment. */
export function referenceServer(
  name: ReferenceServer,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): StdioServerConfig {
  return { command: process.execPath, args: [referenceScript(name), ...args], env };
}

/** Starts the everything server over Streamable HTTP. */
export async function startEverythingServer(): Promise<HttpServer> {
  const preload = new URL('loopback-listen.mjs', import.meta.url).href;
  return startProcess(['--import', preload, referenceScript('everything'), 'streamableHttp']);
}

/** A directory that is removed when the test is done with it. */
export async function temporaryDirectory(
  files: Record<string, string> = {},
): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'toolwire-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function startProcess(args: readonly string[]): Promise<HttpServer> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => line.startsWith('http://') && resolve(line));
    child.once('exit', (code) => reject(new Error(`server exited with ${code}: ${errors}`)));
  });
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url,
    pid: child.pid ?? 0,
    seen: async () => (await (await fetch(new URL('/_seen', url))).json()) as Seen,
    control: async (name) => void (await fetch(new URL(`/${name}`, url), { method: 'POST' })),
    close,
    [Symbol.asyncDispose]: close,
  };
}
