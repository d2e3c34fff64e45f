import type { Interface } from 'node:readline/promises';
import type { Io, Output } from '../io.ts';

/** A terminal on which lines are edited. */
export interface Prompt {
  /** The next line; `undefined` when there will be none. */
  ask(prompt: string): Promise<string | undefined>;
  /** Standard error for commands: what they ask there stays before the answer that is typed. */
  readonly stderr: Output;
  /** Standard input for a command, until `signal`: the lines that are typed meanwhile. */
  stdinUntil(signal: AbortSignal): Io['stdin'];
  close(): void;
}

export interface PromptOptions {
  /** The newest first. */
  readonly history: readonly string[];
  /** What the last word of a line may become, and that word. */
  readonly complete: (line: string) => Promise<[words: string[], current: string]>;
  /** Ctrl-C was typed. */
  readonly onInterrupt: () => void;
}

/** Opens the terminal that `io` is on. */
export function openPrompt(io: Io, { history, complete, onInterrupt }: PromptOptions): Prompt {
  const { createInterface } = process.getBuiltinModule('node:readline/promises');
  const editor: Interface = createInterface({
    input: io.stdin as unknown as NodeJS.ReadableStream, // A terminal is a stream.
    output: io.stderr as unknown as NodeJS.WritableStream,
    terminal: true,
    history: [...history],
    historySize: 500,
    removeHistoryDuplicates: true,
    completer: (line) => complete(line).catch(() => [[], line]), // What cannot be completed is left as it is.
  });
  const typed: string[] = [];
  let take: ((line: string | undefined) => void) | undefined;
  let isClosed = false;
  let isAsking = false;
  let question = '';
  editor.on('line', (line) => {
    question = '';
    if (take === undefined) typed.push(line);
    else take(line);
  });
  editor.on('close', () => {
    isClosed = true;
    take?.(undefined);
  });
  // Answers to questions are no commands.
  editor.on('history', (lines) => void (isAsking || lines.shift()));
  editor.on('SIGINT', () => {
    if (isAsking) {
      editor.write(null, { ctrl: true, name: 'e' });
      editor.write(null, { ctrl: true, name: 'u' });
    }
    onInterrupt();
  });

  function next(signal?: AbortSignal): Promise<string | undefined> {
    if (typed.length > 0) return Promise.resolve(typed.shift());
    if (isClosed || signal?.aborted === true) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (line: string | undefined): void => {
        take = undefined;
        signal?.removeEventListener('abort', stop);
        resolve(line);
      };
      const stop = (): void => settle(undefined);
      signal?.addEventListener('abort', stop, { once: true });
      take = settle;
    });
  }

  return {
    ask: async (prompt) => {
      isAsking = true;
      editor.setPrompt(prompt);
      if (!isClosed && typed.length === 0) editor.prompt();
      const line = await next();
      isAsking = false;
      editor.setPrompt('');
      return line;
    },
    stderr: {
      get isTTY() {
        return io.stderr.isTTY;
      },
      get columns() {
        return io.stderr.columns;
      },
      write(text, done) {
        question = `${question}${String(text)}`.split(/\n|\r/).at(-1) ?? '';
        if (!isAsking) editor.setPrompt(question);
        return io.stderr.write(text, done);
      },
    },
    stdinUntil: (signal) => ({
      isTTY: true,
      async *[Symbol.asyncIterator]() {
        for (let line = await next(signal); line !== undefined; line = await next(signal)) yield `${line}\n`;
      },
    }),
    close: () => editor.close(),
  };
}
