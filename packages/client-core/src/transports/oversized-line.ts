import { MessageTooLargeError } from '../errors.ts';
import type { RequestId } from '../protocol/jsonrpc.ts';

/** A message over the size limit; `requestId` names the request that it answered, when that could be read. */
export type OversizedMessageError = MessageTooLargeError & { readonly requestId: RequestId | undefined };

/** The error for a message over `maxMessageBytes`; it concerns only the call that it answers. */
export function oversizedMessageError(
  requestId: RequestId | undefined,
  maxMessageBytes: number,
): OversizedMessageError {
  const message = `The server sent a message of more than ${maxMessageBytes} bytes; raise maxMessageBytes if it should be read.`;
  return Object.assign(new MessageTooLargeError(message, { delivered: 'yes' }), { requestId });
}

/** Takes a line that is too long to keep, and tells once whose answer it is. */
export interface OversizedLine {
  add(piece: Buffer): void;
  end(): void;
}

const headBytes = 1024;
const tailBytes = 256;

/** Skips a line in constant memory: only its first and last bytes are kept, because the id stands in one of them. */
export function oversizedLine(onAnswer: (requestId: RequestId | undefined) => void): OversizedLine {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let isReported = false;
  const report = (requestId: RequestId | undefined): void => {
    if (!isReported) onAnswer(requestId);
    isReported = true;
  };
  return {
    add(piece) {
      if (head.length < headBytes) head = Buffer.concat([head, piece.subarray(0, headBytes - head.length)]);
      tail = Buffer.concat([tail, piece.subarray(-tailBytes)]).subarray(-tailBytes);
      if (isReported || head.length < headBytes) return;
      const requestId = idInHead(head.toString());
      if (requestId !== undefined) report(requestId); // The line may never end: its call must not wait for that.
    },
    end() {
      report(answeredId(head.toString(), tail.toString()));
    },
  };
}

const id = String.raw`"id"\s*:\s*(?<id>-?\d+|"(?:[^"\\]|\\.)*")`;
const version = String.raw`"jsonrpc"\s*:\s*"2\.0"`;
// Up to the first large member; a server's own request has "method" there, and its id is not one of ours.
const answerHead = new RegExp(
  String.raw`^\uFEFF?\s*\{\s*(?:${version}\s*,\s*)?(?:${id}\s*,\s*)?(?:${version}\s*,\s*)?"(?:result|error)"\s*:`,
);
// The last brace closes the message itself, so an id right before it is the message's.
const answerTail = new RegExp(String.raw`,\s*${id}\s*(?:,\s*${version}\s*)?\}\s*$`);

function answeredId(head: string, tail: string): RequestId | undefined {
  if (!answerHead.test(head)) return undefined;
  return idInHead(head) ?? parseId(answerTail.exec(tail)?.groups);
}

function idInHead(head: string): RequestId | undefined {
  return parseId(answerHead.exec(head)?.groups);
}

function parseId(groups: Record<string, string | undefined> | undefined): RequestId | undefined {
  const text = groups?.['id'];
  return text === undefined ? undefined : (JSON.parse(text) as RequestId); // The pattern admits nothing else.
}
