import { excerpt, McpError, MessageTooLargeError } from '@toolwire/client-core';

/** What may pass by itself, and what it means to people. */
const passing: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there; is the server started, and is this its port?',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNRESET: 'the connection broke during the handshake',
  EPIPE: 'the connection broke during the handshake',
  EHOSTUNREACH: 'there is no way to the host now',
  ENETUNREACH: 'there is no way to the network now',
  ETIMEDOUT: 'the host does not answer',
};

/** The error for a handshake that came to no answer, or to one that is no WebSocket's: nothing was delivered. */
export function connectFailure(place: string, cause: Error & { code?: string }): McpError {
  const known = Object.hasOwn(passing, cause.code ?? '') ? passing[cause.code ?? ''] : undefined;
  const text = `Cannot open a WebSocket to ${place}: ${known ?? excerpt(cause.message, 300)}`;
  return new McpError('connection-failed', text, { delivered: 'no', retryable: known !== undefined, cause });
}

const tooLarge = new Set(['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH']);

/** The error for frames that end the connection from this side: too large, or none that RFC 6455 allows. */
export function frameFailure(place: string, maxMessageBytes: number, cause: Error & { code?: string }): McpError {
  if (tooLarge.has(cause.code ?? ''))
    return new MessageTooLargeError(`${place} sent a message of more than ${maxMessageBytes} bytes`, { cause });
  const text = `${place} does not speak WebSocket as it should: ${cause.message}`;
  return new McpError('invalid-response', text, { retryable: true, cause });
}

/** The error for a server that is gone without a word. */
export function silenceFailure(place: string, pingIntervalMs: number): McpError {
  const text = `${place} has said nothing for ${2 * pingIntervalMs} ms, although it was pinged twice`;
  return new McpError('connection-closed', text, { retryable: true });
}
