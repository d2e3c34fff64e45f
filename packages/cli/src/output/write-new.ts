import { CliError } from '../cli-error.ts';
import { writeWhole } from '../config/write-whole.ts';
import type { Io } from '../io.ts';

export interface WriteOptions {
  /** Whether a file that is there, and holds something else, may be replaced. */
  readonly force: boolean;
  /** What to do instead of replacing it. */
  readonly hint?: string;
  /** Default 0o666, less the umask. */
  readonly mode?: number;
}

/** Writes a file that is not there yet, or with `force`; leaves one alone that holds the text already. */
export async function writeNew(file: string, text: string, options: WriteOptions, { cwd }: Io): Promise<void> {
  const { force, hint = 'Name another file, or replace it with --force', mode = 0o666 } = options;
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const path = process.getBuiltinModule('node:path').resolve(cwd, file);
  try {
    const present = await readFile(path, 'utf8').catch(undefinedIfMissing);
    if (present === text) return;
    if (present !== undefined && !force) throw new CliError('usage', `${file} exists already`, hint);
    await writeWhole(path, text, mode);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      'save-failed',
      `Cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
