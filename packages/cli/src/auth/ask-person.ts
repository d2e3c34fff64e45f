import { openBrowser } from '@toolwire/client-core';
import { print, type Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { lineReader } from '../terminal/line-reader.ts';

interface Means {
  readonly mayOpenBrowser: boolean;
  readonly mayAsk: boolean;
  /** Aborts once they are logged in, whichever way they went. */
  readonly until: AbortSignal;
}

/**
 * Takes a person to the page where they log in: in a browser where there is a display, else by its address, and then by
 * pasting where that browser ended. The address is always shown, so that they see where they are going.
 */
export function askPerson(
  io: Io,
  { mayOpenBrowser, mayAsk, until }: Means,
): (page: URL) => Promise<string | undefined> {
  return async (page) => {
    await print(io.stderr, `Log in here:\n  ${sanitizeLine(page.href)}\n`);
    if (mayOpenBrowser && hasDisplay(io.env) && (await opened(page))) return undefined;
    if (!mayAsk || io.stdin.isTTY !== true || io.stderr.isTTY !== true) return undefined;
    const answer = await lineReader(io)(until)('Or paste the address where another browser ended: ');
    if (answer === undefined) await print(io.stderr, '\n');
    return answer === '' ? undefined : answer;
  };
}

/** Over ssh a browser would open in front of somebody else, and without a display nowhere. */
function hasDisplay(env: Io['env']): boolean {
  if (env['SSH_CONNECTION'] !== undefined) return false;
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
}

function opened(page: URL): Promise<boolean> {
  return openBrowser(page).then(
    () => true,
    () => false,
  );
}
