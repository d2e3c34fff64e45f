import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PipelineDefinition, PipelinesOptions, RunInfo, StartOptions } from '@toolwire/pipeline';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A line that a worker has printed: an event, or a word of its own. */
export type Line = { type: string; run?: RunInfo | string; message?: string; step?: string; pid?: number };

/** A process that carries out runs. */
export interface Worker extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly lines: readonly Line[];
  /** What it has written to stderr. */
  errors(): string;
  /** Settles with the first line that is so; rejects when the process ends before. */
  line(isWanted: (line: Line) => boolean): Promise<Line>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  readonly ended: Promise<unknown>;
}

/** What a worker is told to do: a run, or whatever comes. */
export interface Task {
  options: PipelinesOptions;
  pipeline?: PipelineDefinition;
  start?: StartOptions;
}

export function startWorker(task: Task): Worker {
  const sources = ['--conditions=@toolwire/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...sources, script('worker.mjs'), JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  const watchers = new Set<() => void>();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface(child.stdout).on('line', (text) => {
    lines.push(JSON.parse(text) as Line); // The worker prints nothing else.
    for (const watch of watchers) watch();
  });
  const ended: Promise<unknown> = once(child, 'close');

  async function line(isWanted: (candidate: Line) => boolean): Promise<Line> {
    let watch = (): void => {};
    const found = new Promise<Line>((resolve) => {
      watch = () => {
        const wanted = lines.find(isWanted);
        if (wanted !== undefined) resolve(wanted);
      };
      watchers.add(watch);
      watch();
    });
    const tooLate = async (): Promise<never> => {
      await ended;
      watch();
      throw new Error(`The worker ended: ${errors}\n${lines.map((each) => JSON.stringify(each)).join('\n')}`);
    };
    return Promise.race([found, tooLate()]).finally(() => watchers.delete(watch));
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }

  return { process: child, lines, errors: () => errors, line, kill, ended, [Symbol.asyncDispose]: kill };
}

/** The run as a worker showed it last, when it had ended. */
export async function resultOf(worker: Worker): Promise<RunInfo> {
  const { run } = await worker.line(({ type }) => type === 'result');
  return run as RunInfo; // As the worker prints it.
}

/** A ledger in a directory, and the server that writes it. */
export interface Ledger {
  readonly server: { command: string; args: string[] };
  /** How often each key was created. */
  entries(): Map<string, number>;
  /** The server processes that were started. */
  pids(): number[];
}

export function ledgerIn(
  directory: string,
  { items = 0, waitMs = 0 }: { items?: number; waitMs?: number } = {},
): Ledger {
  const ledger = join(directory, 'ledger');
  const pids = join(directory, 'pids');
  const linesOf = (file: string): string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const args = [script('ledger-server.mjs'), '--ledger', ledger, '--items', `${items}`, '--wait', `${waitMs}`];
  return {
    server: { command: process.execPath, args: [...args, '--pids', pids] },
    entries() {
      const counts = new Map<string, number>();
      for (const key of linesOf(ledger)) counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts;
    },
    pids: () => linesOf(pids).map(Number),
  };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
