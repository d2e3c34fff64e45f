import { CliError } from '../cli-error.ts';
import type { Redact } from '../proxy/redaction.ts';
import { redactMessage } from '../relay/redact-message.ts';
import type { RelayListener } from '../relay/relay.ts';

/** Where a conversation is written. */
export interface RecorderOptions {
  readonly path: string;
  /** What becomes of a file that is there. */
  readonly presence: 'refuse' | 'replace' | 'append';
  readonly redact: Redact;
  /** Milliseconds since whenever. */
  readonly now: () => number;
}

/** A recording that is being written. */
export interface Recorder extends Pick<RelayListener, 'onMessage'> {
  /** Throws where something could not be written. */
  close(): void;
}

/**
 * Opens a recording, which only its owner may read: `{"version":1}`, then a line for each message. What is written is in
 * the file at once, so that nothing is lost with the process.
 */
export function openRecorder({ path, presence, redact, now }: RecorderOptions): Recorder {
  const { appendFileSync, closeSync, fstatSync, unlinkSync } = process.getBuiltinModule('node:fs');
  const file = open(path, presence);
  const began = now();
  let isEmpty = presence === 'refuse';
  let failure: Error | undefined;

  function write(value: object): void {
    if (failure !== undefined) return; // With a gap it would be another conversation.
    try {
      appendFileSync(file, `${JSON.stringify(value)}\n`);
    } catch (error) {
      failure = error as Error; // Of the file system.
    }
  }

  if (fstatSync(file).size === 0) write({ version: 1 });
  return {
    onMessage(from, message) {
      isEmpty = false;
      write({ atMs: Math.round(now() - began), from, message: redactMessage(message, redact) });
    },
    close() {
      closeSync(file);
      if (isEmpty) unlinkSync(path); // The next attempt is not to find it in its way.
      if (failure !== undefined) throw cannotWrite(path, failure);
    },
  };
}

const openFlags = { refuse: 'wx', replace: 'w', append: 'a' } as const;

function open(path: string, presence: RecorderOptions['presence']): number {
  const { openSync } = process.getBuiltinModule('node:fs');
  try {
    return openSync(path, openFlags[presence], 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(path, error as Error);
    throw new CliError(
      'usage',
      `${path} exists already`,
      'Name another file, add to it with --append, or replace it with --force',
    );
  }
}

function cannotWrite(path: string, { message }: Error): CliError {
  return new CliError('save-failed', `Cannot write ${path}: ${message}`);
}
