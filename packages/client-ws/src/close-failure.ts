import { excerpt, McpError, MessageTooLargeError, type McpErrorCode } from '@toolwire/client-core';
import type { Close } from './wire.ts';

interface Meaning {
  text: string;
  code?: McpErrorCode;
  /** Another connection would only be refused like this one. */
  isFinal?: true;
}

const refused: Meaning = {
  text: 'refuses this client by its policy; is a credential missing or wrong?',
  code: 'unauthorized',
  isFinal: true,
};

/** RFC 6455 §7.4.1, and the 44xx that applications model on HTTP. */
const meanings: Record<number, Meaning> = {
  1000: { text: 'ended the connection' },
  1001: { text: 'is going away; it may be restarting' },
  1002: { text: 'found a frame of ours wrong', isFinal: true },
  1003: { text: 'takes no text frames', isFinal: true },
  1005: { text: 'ended the connection without saying why' },
  1006: { text: 'broke the connection without saying why' },
  1007: { text: 'found a message of ours not to be UTF-8', isFinal: true },
  1008: refused,
  1009: { text: 'finds a message of ours too large', code: 'message-too-large', isFinal: true },
  1010: { text: 'misses an extension of the protocol', isFinal: true },
  1011: { text: 'failed' },
  1012: { text: 'is restarting' },
  1013: { text: 'is overloaded for now' },
  1014: { text: 'is a gateway that cannot reach its server' },
  4401: refused,
  4403: refused,
};

/** The typed error for a connection that the other side ended; what was under way may or may not have been executed. */
export function closeFailure(place: string, { code, reason, error }: Close): McpError {
  if (error !== undefined) return error;
  const { text, code: errorCode = 'connection-closed', isFinal = false } = meanings[code] ?? unknown;
  const message = `${place} ${text} (${code}${reason === '' ? '' : `: ${excerpt(reason)}`})`;
  if (errorCode === 'message-too-large') return new MessageTooLargeError(message);
  return new McpError(errorCode, message, { retryable: !isFinal });
}

const unknown: Meaning = { text: 'closed the connection' };
