import { CliError } from '../cli-error.ts';
import { print, type Io } from '../io.ts';
import { HostSession } from './host-session.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Log } from './log.ts';
import type { Redact } from './redaction.ts';
import { rpcErrorOf } from './rpc-error.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';
import { stdioWire } from './wires/stdio-wire.ts';

/** Opens a session with a host, and the session with the server that is its own. */
export type OpenSession = () => HostSession;

/** Sessions with the server called `name`. */
export function sessionOpener(name: string, options: UpstreamOptions, redact: Redact): OpenSession {
  return () =>
    new HostSession({
      open: (identity, listener) => new Upstream(options, identity, listener),
      explain: (error) => rpcErrorOf(error, name, redact),
      log: options.log,
    });
}

/** Who serves, and where it tells of it. */
export interface Serving {
  /** The command's name, such as `mcp proxy`. */
  readonly name: string;
  readonly log: Log;
  readonly io: Io;
}

/** Serves hosts, at an address or over stdin and stdout, until the host leaves or the process is told to end. */
export async function serveHosts(
  address: ListenAddress | undefined,
  openers: ReadonlyMap<string, OpenSession>,
  serving: Serving,
): Promise<void> {
  await (address === undefined ? serveStdio(openers, serving.io) : serveListener(address, openers, serving));
}

async function serveStdio(openers: ReadonlyMap<string, OpenSession>, io: Io): Promise<void> {
  const [open, ...others] = openers.values();
  if (open === undefined || others.length > 0)
    throw new CliError('usage', 'One server at a time over stdin and stdout', 'Name it with -s, or use --listen');
  const session = open();
  await session.serve(stdioWire(io));
  await Promise.race([session.closed, interrupted(io)]);
  await session.close();
}

async function serveListener(
  address: ListenAddress,
  openers: ReadonlyMap<string, OpenSession>,
  { name, log, io }: Serving,
): Promise<void> {
  const { listen } = await import('./listener.ts'); // And with it the server's side of every wire.
  const listener = await listen({ ...address, servers: openers, log }).catch((error: NodeJS.ErrnoException) => {
    const text = `Cannot listen on ${address.address}:${address.port}: ${error.code ?? error.message}`;
    throw new CliError('usage', text, error.code === 'EADDRINUSE' ? 'Another process has the port' : undefined);
  });
  await print(io.stderr, announcement(name, address, listener.port, [...openers.keys()]));
  await interrupted(io);
  await listener.close();
}

/** Where to connect, and with what: the one time that a token which was made up is shown. */
function announcement(
  name: string,
  { scheme, address, madeToken }: ListenAddress,
  port: number,
  servers: readonly string[],
): string {
  const origin = `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const paths = scheme === 'ws' ? ['ws'] : ['mcp', 'sse'];
  const prefixes = servers.length === 1 ? [''] : servers.map((server) => `/servers/${encodeURIComponent(server)}`);
  const lines = prefixes.flatMap((prefix) => paths.map((path) => `  ${origin}${prefix}/${path}`));
  const token = madeToken === undefined ? [] : [`${name}: token for this run: ${madeToken}`];
  return [`${name}: listens on`, ...lines, ...token, ''].join('\n');
}

function interrupted({ interrupted: signal }: Io): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
