/** A server of the older era does not allow pages to send the headers of the probe; its answer to `initialize` follows. */
const refusedProbe = [/Request header field mcp-method is not allowed/, /net::ERR_FAILED/];
const killed = /net::ERR_(CONNECTION|INCOMPLETE|EMPTY)/;

/** What Chromium itself says, by server, of requests that failed: no program can keep it from that. */
const expected = {
  'http-legacy': [...refusedProbe, killed, /status of 404/], // Sessions are over when it was killed.
  'http-modern': [killed],
  'http-sse': [...refusedProbe, killed, /status of 404/], // It has no POST at this address.
  'ws-legacy': [killed],
  'ws-modern': [killed],
  fluxbase: [...refusedProbe, /status of (401|429|501)/],
  stranger: [/No 'Access-Control-Allow-Origin' header is present/, /net::ERR_FAILED/],
};

/** Whether a message is about one of the servers, and expected there. */
export function isExpectedNoise(message, urls) {
  const words = `${message.text()} ${message.location().url}`;
  return Object.entries(expected).some(
    ([name, patterns]) => words.includes(new URL(urls[name]).host) && patterns.some((pattern) => pattern.test(words)),
  );
}
