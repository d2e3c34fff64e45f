import type { JsonObject, RequestId } from '../protocol/jsonrpc.ts';
import { readLine } from './json-rpc-line.ts';
import { oversizedLine, type OversizedLine } from './oversized-line.ts';

/** What the framing finds in a stream. */
export interface LineFramingListener {
  onMessage(message: JsonObject, isBatch: boolean): void;
  /** Text that is no JSON-RPC, at most 2 KiB of it. */
  onIgnored(line: string): void;
  /** A line over the limit was skipped; `requestId` is the request that it answered, when that could be read. */
  onTooLarge(requestId: RequestId | undefined): void;
}

/** Takes the bytes of a stream in order, in chunks of any size. */
export interface LineFraming {
  push(chunk: Buffer): void;
  /** The stream is over: a last line without an end is read too. */
  end(): void;
}

const newline = 0x0a;
const excerptCharacters = 2048;
// A longer string does not exist in V8.
const longestString = 0x1f_ff_ff_e8;

/** Splits newline-framed JSON-RPC into messages at linear cost; a line over `maxMessageBytes` is skipped, not kept. */
export function lineFraming(maxMessageBytes: number, listener: LineFramingListener): LineFraming {
  const limit = Math.min(maxMessageBytes, longestString);
  const line = pieces();
  let oversized: OversizedLine | undefined;

  function keep(piece: Buffer): void {
    if (oversized === undefined && line.bytes() + piece.length > limit) {
      oversized = oversizedLine((requestId) => listener.onTooLarge(requestId));
      for (const kept of line.take()) oversized.add(kept);
    }
    if (oversized === undefined) line.add(piece);
    else oversized.add(piece);
  }

  function finishLine(): void {
    if (oversized === undefined) {
      read(Buffer.concat(line.take()).toString());
    } else {
      oversized.end();
      oversized = undefined;
    }
  }

  function read(text: string): void {
    const { messages, ignored, isBatch = false } = readLine(text);
    for (const message of messages) listener.onMessage(message, isBatch);
    if (ignored !== '') listener.onIgnored(ignored.slice(0, excerptCharacters));
  }

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        if (line.bytes() === 0 && oversized === undefined && end - start <= limit) {
          read(chunk.toString('utf8', start, end));
        } else {
          keep(chunk.subarray(start, end));
          finishLine();
        }
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    end() {
      if (line.bytes() > 0 || oversized !== undefined) finishLine();
    },
  };
}

const gatherCount = 1024;
const gatherBytes = 64 * 1024;

interface Pieces {
  bytes(): number;
  add(piece: Buffer): void;
  take(): Buffer[];
}

// A list of chunks: joining at every chunk would cost the square of the message.
function pieces(): Pieces {
  let kept: Buffer[] = [];
  let total = 0;
  let gatheredCount = 0;
  let gatheredBytes = 0;
  return {
    bytes: () => total,
    add(piece) {
      kept.push(piece);
      total += piece.length;
      if (kept.length - gatheredCount < gatherCount) return;
      // A server that writes byte by byte would cost a hundred times its bytes.
      if (total - gatheredBytes < gatherBytes) kept.push(Buffer.concat(kept.splice(gatheredCount)));
      gatheredCount = kept.length;
      gatheredBytes = total;
    },
    take() {
      const taken = kept;
      kept = [];
      total = gatheredCount = gatheredBytes = 0;
      return taken;
    },
  };
}
