import { print, type Io } from '../io.ts';

/** Asks for one line; `undefined` when nobody answers any more, or nobody wants to know. */
export type AskLine = (prompt: string) => Promise<string | undefined>;

/** Reads lines from a terminal, which edits them itself; Ctrl-D ends them. One reader serves all questions. */
export function lineReader({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>): (signal: AbortSignal) => AskLine {
  let lines: AsyncIterator<string | Uint8Array> | undefined;
  let next: Promise<IteratorResult<string | Uint8Array>> | undefined;
  return (signal) => async (prompt) => {
    if (signal.aborted) return undefined;
    await print(stderr, prompt);
    lines ??= stdin[Symbol.asyncIterator]();
    next ??= lines.next();
    const read = await Promise.race([next, whenAborted(signal)]);
    if (read === undefined) return undefined; // What is typed now is for the next question.
    next = undefined;
    if (read.done === true) return undefined;
    return (typeof read.value === 'string' ? read.value : new TextDecoder().decode(read.value)).trim();
  };
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
