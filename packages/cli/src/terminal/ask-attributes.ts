import type { ReadStream } from 'node:tty';
import { print, type Io } from '../io.ts';

/** A terminal answers at once; what does not answer is none, or far away. */
const patienceMs = 300;

/**
 * Whether a terminal says that it draws sixels: attribute 4 of its answer to DA1 (`CSI c`). False where it cannot be
 * asked, or does not answer.
 */
export async function drawsSixels({ stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>): Promise<boolean> {
  if (!isTerminal(stdin)) return false;
  const answer = answerOf(stdin);
  await print(stdout, '\u001b[c');
  const attributes = /\[\?([\d;]*)c/.exec(await answer)?.[1] ?? '';
  return attributes.split(';').slice(1).includes('4');
}

/** What comes before anything else is read, without an echo. */
function answerOf(stdin: ReadStream): Promise<string> {
  const wasRaw = stdin.isRaw;
  stdin.setRawMode(true);
  return new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      clearTimeout(timer);
      stdin.off('data', read);
      stdin.pause();
      stdin.setRawMode(wasRaw);
      resolve(text);
    };
    const read = (chunk: Uint8Array | string): void => {
      text += String(chunk);
      if (/\[\?[\d;]*c/.test(text)) end();
    };
    const timer = setTimeout(end, patienceMs);
    stdin.on('data', read);
  });
}

function isTerminal(stdin: Io['stdin']): stdin is Io['stdin'] & ReadStream {
  return stdin.isTTY === true && 'setRawMode' in stdin;
}
