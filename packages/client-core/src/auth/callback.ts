import { AuthError, McpError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isLoopbackHost } from '../transports/loopback-host.ts';

/** What the browser brought back. */
export interface CallbackAnswer {
  code: string;
  iss: string | undefined;
}

/** A place that browsers come back to, once. */
export interface Callback {
  readonly redirectUrl: string;
  /** What came back: rejects when the person said no, or did not come within 5 minutes. */
  readonly answer: Promise<CallbackAnswer>;
  close(): void;
}

const waitMs = 5 * 60_000;

/** Listens at a free port of 127.0.0.1, or at `redirectUrl`, for the one answer that carries `state`. Node only. */
export async function listenForCallback(state: string, redirectUrl?: URL): Promise<Callback> {
  if (globalThis.process?.getBuiltinModule === undefined)
    throw new McpError('config-invalid', 'oauth needs a redirectUrl here: only Node can listen for the browser', {
      delivered: 'no',
    });
  const { createServer } = process.getBuiltinModule('node:http');
  const path = redirectUrl?.pathname ?? '/callback';
  let settle: { resolve: (answer: CallbackAnswer) => void; reject: (error: Error) => void } | undefined;
  const answer = new Promise<CallbackAnswer>((resolve, reject) => (settle = { resolve, reject }));
  answer.catch(() => {}); // Nobody may wait for it: a refresh needs no person.
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isOurs = request.method === 'GET' && url.pathname === path;
    const isLogin = isOurs && isSame(url.searchParams.get('state') ?? '', state);
    const text = isLogin ? 'Thank you. You can close this window.' : 'This is not the login that is waited for.';
    response.writeHead(isLogin ? 200 : isOurs ? 400 : 404, { 'content-type': 'text/plain', connection: 'close' });
    response.end(`${text}\n`);
    if (!isLogin) return;
    close();
    try {
      settle?.resolve(readCallback(url, state));
    } catch (error) {
      settle?.reject(error as Error); // Only our own errors are thrown there.
    }
  });
  const timer = setTimeout(() => {
    close();
    settle?.reject(new AuthError('Nobody has logged in within 5 minutes', { status: 401 }));
  }, waitMs);
  timer.unref();
  const close = (): void => {
    clearTimeout(timer);
    server.close();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(redirectUrl?.port ?? 0), '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { redirectUrl: redirectUrl?.href ?? `http://127.0.0.1:${port}${path}`, answer, close };
}

/** Whether we can listen where browsers come back to. */
export function isListenable(redirectUrl: URL): boolean {
  return redirectUrl.protocol === 'http:' && isLoopbackHost(redirectUrl.hostname);
}

/** What the URL that a browser ended at says; text that is no URL is a code that a person has copied. */
export function readCallback(answer: string | URL, state: string): CallbackAnswer {
  const text = String(answer).trim();
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return { code: text, iss: undefined };
  const { searchParams } = new URL(text);
  if (!isSame(searchParams.get('state') ?? '', state))
    throw new AuthError('The browser came back from another login (its state is not ours)', { status: 401 });
  const error = searchParams.get('error');
  const code = searchParams.get('code');
  if (error !== null || code === null) {
    const why = [error ?? 'no code came back', searchParams.get('error_description') ?? ''].filter(Boolean).join(': ');
    throw new AuthError(`The login was refused: ${excerpt(why, 300)}`, { status: 401 });
  }
  return { code, iss: searchParams.get('iss') ?? undefined };
}

/** Takes as long wherever two texts differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < other.length; index++) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}
