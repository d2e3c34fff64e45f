/** The model's answer cannot be used: it has failed, broke off, or is none. */
export class ModelAnswerError extends Error {
  override name = 'ModelAnswerError';
}

/** A run failed after tools had run. `transcript` holds the conversation up to there: go on with it, and no call is made twice. */
export class RunInterruptedError<Item = unknown> extends Error {
  override name = 'RunInterruptedError';
  readonly transcript: Item[];

  constructor(cause: unknown, transcript: Item[]) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The run failed after tools had run: ${reason}`, { cause });
    this.transcript = transcript;
  }
}
