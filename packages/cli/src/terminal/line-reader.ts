import { print, type Io } from '../io.ts';
import { linesOf } from './lines-of.ts';

/** Asks for one line; `undefined` when nobody answers any more, or nobody wants to know. */
export type AskLine = (prompt: string) => Promise<string | undefined>;

interface Keyboard {
  readonly lines: AsyncGenerator<string, undefined>;
  /** The line that is waited for. */
  next?: Promise<string | undefined> | undefined;
}

/** Whoever asks, a line is read once, and by one of them. */
const keyboards = new WeakMap<Io['stdin'], Keyboard>();

/** Reads lines from a terminal, which edits them itself; Ctrl-D ends them. */
export function lineReader({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>): (signal?: AbortSignal) => AskLine {
  return (signal) => async (prompt) => {
    if (signal?.aborted === true) return undefined;
    await print(stderr, prompt);
    const keyboard = keyboards.get(stdin) ?? { lines: linesOf(stdin) };
    keyboards.set(stdin, keyboard);
    keyboard.next ??= keyboard.lines.next().then(({ value }) => value);
    const answer = await Promise.race([keyboard.next, whenAborted(signal)]);
    if (answer === aborted) return undefined; // What is typed now is for the next question.
    keyboard.next = undefined;
    return answer?.trim();
  };
}

const aborted = Symbol('aborted');

function whenAborted(signal: AbortSignal | undefined): Promise<typeof aborted> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(aborted), { once: true }));
}
