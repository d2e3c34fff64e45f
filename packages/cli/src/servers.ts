import { McpClient, type Tool, type ToolResult } from '@toolwire/client-core';
import { sanitize } from './output/sanitize.ts';
import type { Io } from './io.ts';
import type { Settings } from './own-flags.ts';
import { ServerFailure } from './server-failure.ts';
import { StderrTail } from './stderr-tail.ts';
import { targetOf } from './target-of.ts';
import type { ServerTarget } from './targets.ts';
import { readVersion } from './version.ts';

const connectMs = 15_000;
/** Package runners may have to fetch the server first. */
const runnerConnectMs = 30_000;
const runners = /^(npx|bunx|pnpx|uvx|pipx)(\.cmd|\.exe)?$/;
const callMs = 60_000;
const maxTotalMs = 600_000;
/** Ending a server takes at most two of these: SIGTERM after the first, SIGKILL after the second. */
const closeGraceMs = 200;
const closeMs = 500;

/** The servers that one command speaks with: opened on first use, closed together. */
export class Servers {
  readonly #opened = new Map<ServerTarget, OpenServer>();
  readonly #io: Io;

  constructor(io: Io) {
    this.#io = io;
  }

  open(target: ServerTarget, settings: Settings): OpenServer {
    const server = this.#opened.get(target) ?? openServer(target, settings, this.#io);
    this.#opened.set(target, server);
    return server;
  }

  /** Closes every server, but waits no longer than half a second: what lives then is killed when the process exits. */
  async close(): Promise<void> {
    const closing = [...this.#opened.values()].map((server) => server.close());
    this.#opened.clear();
    if (closing.length === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMs)));
    await Promise.race([Promise.allSettled(closing), late]);
    clearTimeout(timer);
  }
}

/** One server; whatever it fails with is a `ServerFailure` that carries its name and the end of its stderr. */
export interface OpenServer {
  readonly name: string;
  listTools(): Promise<readonly Tool[]>;
  /** `timeoutMs` replaces the time that the server was opened with. */
  callTool(name: string, args: Record<string, unknown>, timeoutMs?: number): Promise<ToolResult>;
  close(): Promise<void>;
}

function openServer({ name, config }: ServerTarget, { timeoutMs, verbose }: Settings, io: Io): OpenServer {
  if (config instanceof Error) return unusable(name, config);
  const stderr = new StderrTail();
  const isRunner = 'command' in config && runners.test(config.command);
  const client = new McpClient(targetOf(config), {
    clientInfo: { name: 'mcp', version: readVersion() },
    connectTimeoutMs: timeoutMs ?? (isRunner ? runnerConnectMs : connectMs),
    timeoutMs: timeoutMs ?? callMs,
    maxTotalMs: Math.max(timeoutMs ?? 0, maxTotalMs),
    attempts: 1, // Somebody waits at the prompt, and can see what is wrong.
    closeGraceMs,
    onStderr(text) {
      stderr.push(text);
      if (verbose) io.stderr.write(sanitize(text), () => undefined);
    },
  });
  const attempt = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw new ServerFailure(name, stderr.lines(), error);
    });
  return {
    name,
    listTools: () => attempt(client.listTools()),
    callTool: (tool, args, ms = timeoutMs ?? callMs) => attempt(client.callTool(tool, args, { timeoutMs: ms })),
    close: () => client.close(),
  };
}

function unusable(name: string, error: Error): OpenServer {
  const fail = (): Promise<never> => Promise.reject(new ServerFailure(name, [], error));
  return { name, listTools: fail, callTool: fail, close: () => Promise.resolve() };
}
