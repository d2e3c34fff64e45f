import { McpClient, type ClientOptions, type Progress, type Tool, type ToolResult } from '@toolwire/client-core';
import { sanitize } from './output/sanitize.ts';
import { print, type Io } from './io.ts';
import type { Settings } from './own-flags.ts';
import { ServerFailure } from './server-failure.ts';
import { StderrTail } from './stderr-tail.ts';
import { targetOf } from './target-of.ts';
import type { ServerTarget } from './targets.ts';
import { Activity } from './terminal/activity.ts';
import { Questions } from './terminal/questions.ts';
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
  readonly #activity: Activity;
  readonly #questions: Questions;

  constructor(io: Io) {
    this.#io = io;
    this.#activity = new Activity(io);
    this.#questions = new Questions(io, this.#activity);
  }

  /** Whether a question of a server got no answer. */
  get hasDeclined(): boolean {
    return this.#questions.hasDeclined;
  }

  /** Clears what is shown while servers are waited for. */
  stopShowing(): void {
    this.#activity.stop();
  }

  open(target: ServerTarget, settings: Settings, options: Pick<ClientOptions, 'onLog'> = {}): OpenServer {
    const surroundings = { io: this.#io, activity: this.#activity, questions: this.#questions };
    const server = this.#opened.get(target) ?? openServer(target, settings, surroundings, options);
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

type OnProgress = (progress: Progress) => void;

/** One server; whatever it fails with is a `ServerFailure` that carries its name and the end of its stderr. */
export interface OpenServer {
  readonly name: string;
  listTools(): Promise<readonly Tool[]>;
  /** `timeoutMs` replaces the time that the server was opened with. */
  callTool(name: string, args: Record<string, unknown>, timeoutMs?: number): Promise<ToolResult>;
  /** Does anything else with the client; `label` says what, to people who wait for it. */
  use<T>(work: (client: McpClient, onProgress: OnProgress) => Promise<T>, label?: string): Promise<T>;
  /** The same for what has no end, and is not waited for. */
  listen<T>(work: (client: McpClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Surroundings {
  readonly io: Io;
  readonly activity: Activity;
  readonly questions: Questions;
}

function openServer(
  { name, config }: ServerTarget,
  { timeoutMs, verbose, noInput }: Settings,
  { io, activity, questions }: Surroundings,
  options: Pick<ClientOptions, 'onLog'>,
): OpenServer {
  if (config instanceof Error) return unusable(name, config);
  const stderr = new StderrTail();
  const isRunner = 'command' in config && runners.test(config.command);
  const client = new McpClient(targetOf(config), {
    ...options,
    clientInfo: { name: 'mcp', version: readVersion() },
    connectTimeoutMs: timeoutMs ?? (isRunner ? runnerConnectMs : connectMs),
    timeoutMs: timeoutMs ?? callMs,
    maxTotalMs: Math.max(timeoutMs ?? 0, maxTotalMs),
    attempts: 1, // Somebody waits at the prompt, and can see what is wrong.
    closeGraceMs,
    handlers: { elicitation: (params, context) => questions.ask(name, !noInput, params, context) },
    onStderr(text) {
      stderr.push(text);
      if (verbose) void activity.pause(() => print(io.stderr, sanitize(text)));
    },
  });
  const named = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw new ServerFailure(name, stderr.lines(), error);
    });
  const attempt = <T>(label: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> =>
    named(activity.track(`${name}: ${label}`, work));
  return {
    name,
    listTools: () => attempt('connecting', () => client.listTools()),
    callTool: (tool, args, ms = timeoutMs ?? callMs) =>
      attempt(tool, (onProgress) => client.callTool(tool, args, { timeoutMs: ms, onProgress })),
    use: (work, label = 'connecting') => attempt(label, (onProgress) => work(client, onProgress)),
    listen: (work) => named(work(client)),
    close: () => client.close(),
  };
}

function unusable(name: string, error: Error): OpenServer {
  const fail = (): Promise<never> => Promise.reject(new ServerFailure(name, [], error));
  return { name, listTools: fail, callTool: fail, use: fail, listen: fail, close: () => Promise.resolve() };
}
