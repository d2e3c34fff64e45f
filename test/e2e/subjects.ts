import { McpClient, type ClientOptions, type StdioServerConfig } from '@toolwire/client-core';
import { startHttpServer, stdioServer, type HttpServer, type Seen } from '../servers/launch.ts';

/** A running server of one of the official SDKs at one revision over one wire. */
export interface Subject extends AsyncDisposable {
  /** Set when it answers over HTTP. */
  readonly http: HttpServer | undefined;
  /** A client that is not connected yet. */
  client(options?: ClientOptions): McpClient;
}

/** A row of the table of servers. */
export interface SubjectRow {
  readonly name: string;
  readonly revision: string;
  readonly wire: 'stdio' | 'http';
  /** Whether anything but the answer comes on the stream of a call: questions, progress, a cut that is resumed. */
  readonly streams: boolean;
  readonly open: () => Promise<Subject>;
}

const legacyRevisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

export const subjects: readonly SubjectRow[] = [
  ...legacyRevisions.flatMap((revision) => [
    row('v1-server', revision, 'stdio', ['--protocol', revision]),
    row('v1-server', revision, 'http', ['--protocol', revision]),
  ]),
  {
    ...row('v1-server', '2025-11-25', 'http', ['--json']),
    name: 'v1-server 2025-11-25 http, JSON answers',
    streams: false,
  },
  {
    name: 'v1-server 2025-11-25 http, by fetch',
    revision: '2025-11-25',
    wire: 'http',
    streams: true,
    open: () => overHttp('v1-server', [], { fetch }),
  },
  {
    ...row('v1-server', '2025-11-25', 'http', ['--transport', 'sse']),
    name: 'v1-server 2025-11-25 HTTP+SSE, after Streamable HTTP was refused',
  },
  row('v2-server', '2026-07-28', 'stdio', []),
  row('v2-server', '2026-07-28', 'http', []),
  {
    ...row('v2-server', '2026-07-28', 'http', ['--json']),
    name: 'v2-server 2026-07-28 http, JSON answers',
    streams: false,
  },
  {
    name: 'v2-server 2026-07-28 http, by fetch',
    revision: '2026-07-28',
    wire: 'http',
    streams: true,
    open: () => overHttp('v2-server', [], { fetch }),
  },
];

function row(server: 'v1-server' | 'v2-server', revision: string, wire: 'stdio' | 'http', args: string[]): SubjectRow {
  const open = wire === 'stdio' ? async () => overStdio(stdioServer(server, args)) : () => overHttp(server, args);
  return { name: `${server} ${revision} ${wire}`, revision, wire, streams: true, open };
}

/** Each client over stdio has a process of its own. */
function overStdio(config: StdioServerConfig): Subject {
  return {
    http: undefined,
    client: (options) => new McpClient(config, options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function overHttp(
  server: 'v1-server' | 'v2-server',
  args: string[],
  settings: ClientOptions = {},
): Promise<Subject> {
  const http = await startHttpServer(server, args);
  return {
    http,
    client: (options) => new McpClient(http.url, { ...settings, ...options }),
    [Symbol.asyncDispose]: () => http.close(),
  };
}

/** What the server has seen, asked over the client itself. */
export async function seenBy(client: McpClient): Promise<Seen> {
  return (await client.callTool('seen')).json() as Seen;
}
