import { fileURLToPath } from 'node:url';
import type { StdioServerConfig, Transport } from '@toolwire/client-core';
import { stdioTransport } from '@toolwire/client-core';
import { serveWebSocket } from '@toolwire/testing';
import { run } from '../../packages/cli/src/run.ts';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** `mcp proxy` as a command that a host starts; from the sources. */
export function proxyCommand(argv: readonly string[], env: Record<string, string> = {}): StdioServerConfig {
  return { command: process.execPath, args: ['--conditions=@toolwire/source', main, 'proxy', ...argv], env };
}

/** `mcp proxy --listen …` in this process. */
export interface ListeningProxy extends AsyncDisposable {
  /** The origin that it printed, such as `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** What lets in, as headers. */
  readonly headers: Record<string, string>;
  stderr(): string;
  close(): Promise<void>;
}

/** Starts `mcp proxy` with these arguments; resolves when it listens, rejects when it ends before. */
export async function listeningProxy(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<ListeningProxy> {
  let text = '';
  const output = {
    write(chunk: string, done: () => void) {
      text += chunk;
      done();
    },
  };
  const interruption = new AbortController();
  const stdin = { [Symbol.asyncIterator]: () => Promise.reject(new Error('stdin is not to be read')) as never };
  const io = { stdout: output, stderr: output, stdin, env, cwd: process.cwd(), interrupted: interruption.signal };
  const ending = run(['proxy', ...argv], io);
  let exitCode: number | undefined;
  void ending.then((code) => (exitCode = code));
  const origin = await eventually(() => {
    const found = /listens on\n {2}(\w+:\/\/[^/]+)/.exec(text)?.[1];
    if (found === undefined && exitCode === undefined) throw new Error('The proxy does not listen yet');
    return found;
  });
  if (origin === undefined) throw new Error(`The proxy ended with ${exitCode}: ${text}`);
  const token = /token for this run: (\S+)/.exec(text)?.[1];
  const close = async (): Promise<void> => {
    interruption.abort();
    await ending;
  };
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { origin, headers, stderr: () => text, close, [Symbol.asyncDispose]: close };
}

/** A server on one of the wires, as the arguments that name it to `mcp proxy`. */
export interface ServerOnWire extends AsyncDisposable {
  readonly argv: readonly string[];
}

/** The same server over each wire that a proxy can speak to. */
export const serversByWire: Readonly<Record<'stdio' | 'http' | 'sse' | 'ws', () => Promise<ServerOnWire>>> = {
  async stdio() {
    const { command, args = [] } = stdioServer('v1-server');
    return { argv: ['--', command, ...args], [Symbol.asyncDispose]: () => Promise.resolve() };
  },
  http: () => overHttp([]),
  sse: () => overHttp(['--transport', 'sse']),
  async ws() {
    const server = await serveWebSocket((transport) => void joinWithProcess(transport));
    return { argv: [server.url], [Symbol.asyncDispose]: () => server.close() };
  },
};

async function overHttp(args: readonly string[]): Promise<ServerOnWire> {
  const server = await startHttpServer('v1-server', args);
  return { argv: [server.url], [Symbol.asyncDispose]: () => server.close() };
}

/** Each WebSocket has a server process of its own. */
async function joinWithProcess(socket: Transport): Promise<void> {
  const child = stdioTransport(stdioServer('v1-server'));
  socket.onmessage = (message) => void child.send(message);
  child.onmessage = (message) => void socket.send(message).catch(() => {}); // The client is gone.
  socket.onclose = () => void child.close();
  await Promise.all([child.start(), socket.start()]);
}
