import type { Writable } from 'node:stream';
import { QueueFullError } from '../errors.ts';

/** Writes lines to a process that may read slowly, or not at all. */
export interface WriteQueue {
  /** Resolves once the line is handed to the pipe; rejects with `QueueFullError` when too much waits already. */
  write(line: string): Promise<void>;
  /** Rejects everything that waits, and all that comes later. */
  fail(error: Error): void;
  /** Hands over what was accepted and ends the stream; rejects what waits with `error`. */
  end(error: Error): void;
}

interface Waiting {
  readonly line: string;
  readonly bytes: number;
  resolve(): void;
  reject(error: Error): void;
}

const maxWaitingBytes = 8 * 1024 * 1024;
const maxWaitingMessages = 1000;
const batchCharacters = 64 * 1024;
const accepted = Promise.resolve();

/** A bounded queue (8 MiB or 1,000 messages) before `stream`. */
export function writeQueue(stream: Writable): WriteQueue {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let batch = '';
  let failure: Error | undefined;

  // Lines of one turn share one write: the system call is the dear part.
  function batchUp(line: string): void {
    if (batch === '') process.nextTick(flush);
    batch += line;
    if (batch.length > batchCharacters) flush();
  }

  function flush(): void {
    if (batch === '') return;
    const lines = batch;
    batch = '';
    stream.write(lines);
  }

  function resume(): void {
    let resumed = 0;
    for (const next of waiting) {
      if (stream.writableNeedDrain) break;
      waitingBytes -= next.bytes;
      batchUp(next.line);
      next.resolve();
      resumed += 1;
    }
    waiting = waiting.slice(resumed);
  }

  function enqueue(line: string): Promise<void> {
    const bytes = Buffer.byteLength(line);
    const isFull = waiting.length >= maxWaitingMessages || waitingBytes + bytes > maxWaitingBytes;
    // One message alone may be larger than the bound, or it could never be sent.
    if (waiting.length > 0 && isFull) {
      const counted = `${waiting.length} messages (${waitingBytes} bytes) wait to be written`;
      return Promise.reject(new QueueFullError(`The server does not read its input: ${counted}.`));
    }
    waitingBytes += bytes;
    return new Promise((resolve, reject) => waiting.push({ line, bytes, resolve, reject }));
  }

  function fail(error: Error): void {
    failure ??= error;
    const rejected = waiting;
    waiting = [];
    waitingBytes = 0;
    for (const each of rejected) each.reject(error);
  }

  stream.on('drain', resume);
  return {
    write(line) {
      if (failure !== undefined) return Promise.reject(failure);
      if (stream.writableNeedDrain) return enqueue(line);
      batchUp(line);
      return accepted;
    },
    fail,
    end(error) {
      flush();
      fail(error);
      stream.end();
    },
  };
}
