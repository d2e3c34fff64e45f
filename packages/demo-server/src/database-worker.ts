import { parentPort, workerData } from 'node:worker_threads';
import { runStatement, type StatementResult } from './run-statement.ts';
import { openSqlite } from './sqlite.ts';

/** What the thread posts back for each SQL text that it is sent. */
export type Answer = { readonly result: StatementResult } | { readonly error: string };

const { writable }: { writable: boolean } = workerData;

// Listening comes first: while nothing keeps the loop alive, Node 20 waits until V8 has optimised SQLite, 100 ms.
parentPort?.on('message', (sql: string) => void reply(sql));
const opening = openSqlite(writable);

async function reply(sql: string): Promise<void> {
  const answer = await run(sql);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer);
}

async function run(sql: string): Promise<Answer> {
  try {
    return { result: runStatement(await opening, sql, writable) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
