import { excerpt, McpError, MessageTooLargeError } from '@toolwire/client-core';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON in a frame; a binary one may hold it too. Throws an `McpError`. */
export function readFrame(
  data: string | Uint8Array,
  { place, maxMessageBytes }: { place: string; maxMessageBytes: number },
): unknown {
  // In Node the connection has ended before; browsers have no limit.
  if (data.length > maxMessageBytes)
    throw new MessageTooLargeError(`${place} sent a message of more than ${maxMessageBytes} bytes`);
  try {
    return JSON.parse(typeof data === 'string' ? data : utf8.decode(data)) as unknown;
  } catch (cause) {
    const shown = typeof data === 'string' ? excerpt(data, 300) : `${data.length} bytes`;
    throw new McpError('invalid-response', `${place} sent a frame that is no JSON: ${shown}`, {
      retryable: true,
      cause,
    });
  }
}
