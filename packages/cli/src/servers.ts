import {
  McpClient,
  type CallOptions,
  type ClientOptions,
  type Progress,
  type Tool,
  type ToolResult,
} from '@toolwire/client-core';
import { connectionOptions } from './connection-options.ts';
import { sanitize } from './output/sanitize.ts';
import { print, type Io } from './io.ts';
import type { Settings } from './own-flags.ts';
import { routeTo } from './route-to.ts';
import { ServerFailure } from './server-failure.ts';
import { StderrTail } from './stderr-tail.ts';
import { isGatewayUrl } from './target-of.ts';
import type { ServerTarget } from './targets.ts';
import { Activity } from './terminal/activity.ts';
import { Questions } from './terminal/questions.ts';
import { keepsAnyWarm } from './warm/runtime-folder.ts';

const callMs = 60_000;
const maxTotalMs = 600_000;
const closeMs = 500;
/** What is on its way when the user interrupts may still arrive: that a task is to be cancelled. */
const drainMs = 200;

/** The servers that one command speaks with: opened on first use, closed together. */
export class Servers {
  readonly #opened = new Map<ServerTarget, OpenServer>();
  readonly #io: Io;
  readonly #activity: Activity;
  readonly #questions: Questions;
  readonly #mayBeWarm: boolean;

  /** `opensAnew` is for commands that look at how a server starts: they use no connection that is kept warm. */
  constructor(io: Io, opensAnew = false) {
    this.#io = io;
    this.#mayBeWarm = !opensAnew;
    this.#activity = new Activity(io);
    this.#questions = new Questions(io, this.#activity);
  }

  /** Whether a question of a server got no answer. */
  get hasDeclined(): boolean {
    return this.#questions.hasDeclined;
  }

  /** Forgets what was declined so far. */
  countAnew(): void {
    this.#questions.hasDeclined = false;
  }

  /** Clears what is shown while servers are waited for. */
  stopShowing(): void {
    this.#activity.stop();
  }

  open(target: ServerTarget, settings: Settings, options: Pick<ClientOptions, 'onLog'> = {}): OpenServer {
    const surroundings = {
      io: this.#io,
      activity: this.#activity,
      questions: this.#questions,
      mayBeWarm: this.#mayBeWarm,
    };
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
  /** Calls a tool; `timeoutMs` is the time that the server was opened with, and an interruption cancels, unless `options` says else. */
  callTool(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
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
  readonly mayBeWarm: boolean;
}

function openServer(
  { name, config }: ServerTarget,
  { timeoutMs, verbose, noInput, own }: Settings,
  { io, activity, questions, mayBeWarm }: Surroundings,
  options: Pick<ClientOptions, 'onLog'>,
): OpenServer {
  if (config instanceof Error) return unusable(name, config);
  const lock = own.last('lock');
  const stderr = new StderrTail();
  const onStderr = (text: string): void => {
    stderr.push(text);
    if (verbose) void activity.pause(() => print(io.stderr, sanitize(text)));
  };
  const open = async (): Promise<McpClient> => {
    const connection: ClientOptions = {
      ...options,
      ...connectionOptions(config, timeoutMs),
      timeoutMs: timeoutMs ?? callMs,
      maxTotalMs: Math.max(timeoutMs ?? 0, maxTotalMs),
      handlers: { elicitation: (params, context) => questions.ask(name, !noInput, params, context) },
      ...(lock !== undefined && {
        toolLock: async () => (await import('./schema/lock-file.ts')).lockOf(name, lock, io),
      }),
      onStderr,
    };
    if ('url' in config && isGatewayUrl(config.url))
      return (await import('./gateway/open-behind.ts')).openBehind(name, config, connection);
    const isKept = mayBeWarm && keepsAnyWarm(io.env);
    const live = isKept ? await (await import('./warm/open-live.ts')).openLive(config, io, onStderr) : undefined;
    const route = live ?? (await routeTo(config, io, verbose));
    return new McpClient(route.target, { ...connection, ...route.options });
  };
  let opened: Promise<McpClient> | undefined;
  const client = (): Promise<McpClient> => (opened ??= open());
  const named = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw error instanceof ServerFailure ? error : new ServerFailure(name, stderr.lines(), error);
    });
  const attempt = <T>(label: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> =>
    named(activity.track(`${name}: ${label}`, (onProgress) => untilAborted(work(onProgress), io.interrupted)));
  return {
    name,
    listTools: () => attempt('connecting', async () => (await client()).listTools()),
    callTool: (tool, args, given = {}) =>
      attempt(tool, async (show) => {
        const onProgress = (progress: Progress): void => {
          show(progress);
          given.onProgress?.(progress);
        };
        return (await client()).callTool(tool, args, { signal: io.interrupted, ...given, onProgress });
      }),
    use: (work, label = 'connecting') => attempt(label, async (onProgress) => work(await client(), onProgress)),
    listen: (work) => named(client().then(work)),
    close: async () => (await opened?.catch(() => undefined))?.close({ drainMs }),
  };
}

function unusable(name: string, error: Error): OpenServer {
  const fail = (): Promise<never> => Promise.reject(new ServerFailure(name, [], error));
  return { name, listTools: fail, callTool: fail, use: fail, listen: fail, close: () => Promise.resolve() };
}

/** Waits for `work` no longer than until `signal`. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const done = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    done.abort();
  }
}
