import { exitCodeOf, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { printFailure } from './output/failure.ts';

/** Tells a failure on stderr and returns the exit code that goes with it. */
export async function failWith(error: unknown, { stderr }: Io, asJson: boolean): Promise<ExitCode> {
  await printFailure(stderr, error, asJson);
  return exitCodeOf(error);
}
