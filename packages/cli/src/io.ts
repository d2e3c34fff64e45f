/** Where text goes: the part of a writable stream that the command uses. */
export interface Output {
  write(text: string | Uint8Array, done: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything of the process that a command may touch; tests pass their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Read only where `-` is written, and on a terminal to answer a question. */
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts on Ctrl-C. */
  readonly interrupted?: AbortSignal | undefined;
}

/** Writes `content` and waits until it has left the process, so that an exit right after cuts nothing. */
export function print(output: Output, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // An error here is a reader who has gone (`| head`): nobody is left to be told.
    output.write(content, () => resolve());
  });
}
