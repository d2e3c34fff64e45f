import { quote } from '../protocol/excerpt.ts';
import { isObject, type JsonObject } from '../protocol/jsonrpc.ts';

/** What one line of a server's stdout holds. */
export interface LineContent {
  readonly messages: readonly JsonObject[];
  /** The part of the line that is no JSON-RPC: a banner, a log line, other JSON. Empty when all of it was. */
  readonly ignored: string;
  /** The messages came as one array, which only 2025-03-26 allows. */
  readonly isBatch?: true;
}

const nothing: LineContent = { messages: [], ignored: '' };

/**
 * Reads one line: a message, a batch, or a message that is glued to an unterminated log line. Never throws: what is no
 * JSON-RPC comes back as `ignored`.
 */
export function readLine(line: string): LineContent {
  const text = line.charCodeAt(0) === byteOrderMark ? line.slice(1) : line;
  const value = parse(text);
  if (isMessage(value)) return { messages: [value], ignored: '' };
  if (Array.isArray(value) && value.some(isMessage)) return readBatch(value);
  if (value !== undefined) return { messages: [], ignored: text }; // Other JSON, even if it quotes a message.
  return text.trim() === '' ? nothing : readGlued(text);
}

const byteOrderMark = 0xfe_ff;

function parse(text: string): unknown {
  const first = text.trimStart().charCodeAt(0);
  if (first !== openingBrace && first !== openingBracket) return undefined; // A log line; failing to parse costs more.
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// Whether the rest of it makes sense is for the peer to say: it knows what is strict and what is tolerated.
function isMessage(value: unknown): value is JsonObject {
  return isObject(value) && value['jsonrpc'] === '2.0' && ('method' in value || 'result' in value || 'error' in value);
}

// Text before a request means that the server logs what it received; only its answers are worth the doubt.
function isAnswer(message: JsonObject): boolean {
  return !('method' in message);
}

function readBatch(values: readonly unknown[]): LineContent {
  const others = values.filter((value) => !isMessage(value));
  const ignored = others.map((value) => quote(value, 2048)).join('\n');
  return { messages: values.filter(isMessage), ignored, isBatch: true };
}

// Servers write the members in any order: the official SDK for TypeScript begins with "result".
const messageStart = /\{\s*"(?:jsonrpc|id|result|error|method|params)"\s*:/g;
const maxAttempts = 8;

function readGlued(text: string): LineContent {
  const messages: JsonObject[] = [];
  const others: string[] = [];
  let read = 0;
  let from = 0;
  for (let failures = 0; failures < maxAttempts;) {
    messageStart.lastIndex = from;
    const start = messageStart.exec(text)?.index;
    if (start === undefined) break;
    const end = endOfObject(text, start);
    const value = end === undefined ? undefined : parse(text.slice(start, end));
    const before = text.slice(read, start);
    if (end !== undefined && isMessage(value) && (before === '' || isAnswer(value))) {
      messages.push(value);
      others.push(before);
      read = from = end;
    } else {
      failures += 1;
      from = start + 1;
    }
  }
  others.push(text.slice(read));
  return { messages, ignored: others.join('').trim() };
}

const quotationMark = 0x22;
const backslash = 0x5c;
const openingBracket = 0x5b;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quotationMark) index = endOfString(text, index);
    else if (code === openingBrace) depth += 1;
    else if (code === closingBrace && --depth === 0) return index + 1;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
