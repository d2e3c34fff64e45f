import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { parseProxyLine, type ProxyLine } from '../proxy/flags.ts';
import { proxyHelp } from '../proxy/help.ts';
import { readListenAddress } from '../proxy/listen-address.ts';
import { openLog, type Log } from '../proxy/log.ts';
import { redactor } from '../proxy/redaction.ts';
import { serveHosts, sessionOpener } from '../proxy/serve-hosts.ts';
import { readServers, type ProxiedServer } from '../proxy/servers.ts';
import { toolFilter } from '../proxy/tool-filter.ts';
import type { UpstreamOptions } from '../proxy/upstream.ts';

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
  const log = openLog(io.stderr, redact, line.has('verbose'), 'mcp proxy');
  const openers = servers.map(
    (server) => [server.name, sessionOpener(server.name, upstreamOptions(server, line, log), redact)] as const,
  );
  await serveHosts(address, new Map(openers), { name: 'mcp proxy', log, io });
  return 0;
}

function upstreamOptions({ route }: ProxiedServer, line: ProxyLine, log: Log): UpstreamOptions {
  const timeout = line.last('timeout');
  const given = timeout === undefined ? undefined : parseDuration(timeout);
  return {
    route,
    offers: toolFilter({
      only: line.all('tools').flatMap((list) => list.split(',')),
      ignored: line.all('ignore-tool'),
    }),
    connectTimeoutMs:
      given ?? (typeof route.target === 'object' && 'command' in route.target ? commandTimeoutMs : connectTimeoutMs),
    timeoutMs: given ?? callTimeoutMs,
    log,
  };
}

async function printed(text: string, { stdout }: Io): Promise<ExitCode> {
  await print(stdout, text);
  return 0;
}
