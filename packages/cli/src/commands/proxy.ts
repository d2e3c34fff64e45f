import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { CliError } from '../cli-error.ts';
import { parseProxyLine, type ProxyLine } from '../proxy/flags.ts';
import { proxyHelp } from '../proxy/help.ts';
import { HostSession } from '../proxy/host-session.ts';
import { readListenAddress, type ListenAddress } from '../proxy/listen-address.ts';
import { openLog, type Log } from '../proxy/log.ts';
import { redactor, type Redact } from '../proxy/redaction.ts';
import { rpcErrorOf } from '../proxy/rpc-error.ts';
import { readServers, type ProxiedServer } from '../proxy/servers.ts';
import { toolFilter } from '../proxy/tool-filter.ts';
import { Upstream } from '../proxy/upstream.ts';
import { stdioWire } from '../proxy/wires/stdio-wire.ts';

const connectTimeoutMs = 15_000;
/** Package runners may have to fetch the server first. */
const commandTimeoutMs = 30_000;
/** Hosts have timeouts of their own, and cancel: the proxy's only ends what nobody waits for. */
const callTimeoutMs = 10 * 60_000;

/** `mcp proxy …`: joins hosts on one wire with a server on another, until the host leaves or the process is told to end. */
export async function proxy(argv: readonly string[], io: Io): Promise<ExitCode> {
  const line = parseProxyLine(argv);
  if (line.has('help')) return printed(proxyHelp, io);
  const address = readListenAddress(line, io.env);
  const servers = await readServers(line, io);
  const redact = redactor([...servers.flatMap(({ secrets }) => secrets), ...(address?.guard.tokens ?? [])]);
  const log = openLog(io.stderr, redact, line.has('verbose'));
  const openers = new Map(servers.map((server) => [server.name, sessionOpener(server, line, { redact, log })]));
  await (address === undefined ? serveStdio(openers, io) : serveListener(address, openers, log, io));
  return 0;
}

interface Telling {
  readonly redact: Redact;
  readonly log: Log;
}

type OpenSession = () => HostSession;

function sessionOpener({ name, target }: ProxiedServer, line: ProxyLine, { redact, log }: Telling): OpenSession {
  const timeout = line.last('timeout');
  const given = timeout === undefined ? undefined : parseDuration(timeout);
  const options = {
    target,
    offers: toolFilter({
      only: line.all('tools').flatMap((list) => list.split(',')),
      ignored: line.all('ignore-tool'),
    }),
    connectTimeoutMs:
      given ?? (typeof target === 'object' && 'command' in target ? commandTimeoutMs : connectTimeoutMs),
    timeoutMs: given ?? callTimeoutMs,
    log,
  };
  return () =>
    new HostSession({
      open: (identity, listener) => new Upstream(options, identity, listener),
      explain: (error) => rpcErrorOf(error, name, redact),
      log,
    });
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
  log: Log,
  io: Io,
): Promise<void> {
  const { listen } = await import('../proxy/listener.ts'); // And with it the server's side of every wire.
  const listener = await listen({ ...address, servers: openers, log }).catch((error: NodeJS.ErrnoException) => {
    const text = `Cannot listen on ${address.address}:${address.port}: ${error.code ?? error.message}`;
    throw new CliError('usage', text, error.code === 'EADDRINUSE' ? 'Another process has the port' : undefined);
  });
  await print(io.stderr, announcement(address, listener.port, [...openers.keys()]));
  await interrupted(io);
  await listener.close();
}

/** Where to connect, and with what: the one time that a token which was made up is shown. */
function announcement({ scheme, address, madeToken }: ListenAddress, port: number, names: readonly string[]): string {
  const origin = `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const paths = scheme === 'ws' ? ['ws'] : ['mcp', 'sse'];
  const prefixes = names.length === 1 ? [''] : names.map((name) => `/servers/${encodeURIComponent(name)}`);
  const lines = prefixes.flatMap((prefix) => paths.map((path) => `  ${origin}${prefix}/${path}`));
  const token = madeToken === undefined ? [] : [`mcp proxy: token for this run: ${madeToken}`];
  return [`mcp proxy: listens on`, ...lines, ...token, ''].join('\n');
}

function interrupted({ interrupted: signal }: Io): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function printed(text: string, { stdout }: Io): Promise<ExitCode> {
  await print(stdout, text);
  return 0;
}
