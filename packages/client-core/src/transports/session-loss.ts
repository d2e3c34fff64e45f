/** How servers say that they no longer know a session, when one was sent. Each row was seen on a real server. */
const lostSession: readonly { status: number; body: RegExp }[] = [
  { status: 404, body: /^/ }, // The specification's way (2025-03-26 and later).
  { status: 400, body: /not initialized/i }, // SDK-based servers that lose the id: -32000 "Server not initialized".
  { status: 400, body: /no valid session/i }, // Python SDK up to 1.25, and servers built on the TypeScript examples.
  { status: 400, body: /session (id )?(is )?(not found|expired|invalid|has been terminated)/i },
  { status: 400, body: /invalid or missing session/i },
  { status: 400, body: /no transport found|invalid session id/i }, // HTTP+SSE servers, TypeScript and Python.
];

/** True when this answer means a dead session: the request was not executed, and a new session will serve it. */
export function isSessionLoss(status: number, body: string): boolean {
  return lostSession.some((row) => row.status === status && row.body.test(body));
}
