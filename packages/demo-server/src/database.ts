import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer } from './database-worker.ts';
import type { StatementResult } from './run-statement.ts';

/** How the sample database behaves. */
export interface DemoServerOptions {
  /** Whether statements may change the data, which lives in memory only. Default false. */
  writable?: boolean;
  /** The longest one statement may run, in milliseconds. Default 5_000. */
  queryTimeoutMs?: number;
}

/** The sample database, opened at the first query in a thread of its own, where no query can hold up the server. */
export interface Database {
  /** Runs one statement; rejects with an error that tells a user what to do, or with the reason of `signal`. */
  query(sql: string, signal?: AbortSignal): Promise<StatementResult>;
  close(): Promise<void>;
}

/** Opens a sample database that nobody else sees. */
export function openDatabase(options: DemoServerOptions = {}): Database {
  const { writable = false, queryTimeoutMs = 5_000 } = options;
  const closing = new AbortController();
  let worker: Worker | undefined;
  let previous: Promise<unknown> = Promise.resolve();

  async function run(sql: string, signal: AbortSignal): Promise<StatementResult> {
    const answer = await ask(sql, signal);
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  async function ask(sql: string, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const thread = (worker ??= startWorker(writable));
    const deadline = AbortSignal.timeout(queryTimeoutMs);
    thread.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.postMessage(sql);
    try {
      const [answer] = await once(thread, 'message', { signal: AbortSignal.any([signal, deadline]) });
      return answer;
    } catch (error) {
      // SQLite cannot be interrupted from outside: its thread ends, and the next query starts a fresh one.
      worker = undefined;
      await thread.terminate();
      signal.throwIfAborted();
      const reason = deadline.aborted ? `ran longer than ${queryTimeoutMs / 1_000} s` : `failed (${String(error)})`;
      const loss = writable ? ' Earlier changes are lost: the tables hold the sample data again.' : '';
      throw new Error(`The query ${reason} and was stopped.${loss}`, { cause: error });
    } finally {
      thread.unref();
    }
  }

  return {
    query(sql, signal) {
      const combined = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
      const answer = previous.then(() => run(sql, combined));
      previous = answer.catch(() => {});
      return answer;
    },
    async close() {
      closing.abort(new Error('The database is closed.'));
      await worker?.terminate();
    },
  };
}

function startWorker(writable: boolean): Worker {
  // The same file name, compiled or not; and a stdout of its own, because the process's carries the protocol.
  const file = new URL(`./database-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData: { writable }, stdout: true });
  // Whoever waits for an answer hears of the failure; without a listener it would also end the process.
  return worker.on('error', () => {});
}
