import type { CommandContext } from './context.ts';
import { commonExitCode, exitCodeOf, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { printFailure } from './output/failure.ts';

/** Tells a failure on stderr and returns the exit code that goes with it. */
export async function failWith(error: unknown, { stderr }: Io, asJson: boolean): Promise<ExitCode> {
  await printFailure(stderr, error, asJson);
  return exitCodeOf(error);
}

/** Tells each failure on stderr and returns the exit code that they have in common; 0 when there is none. */
export async function failWithAll(
  errors: readonly unknown[],
  { settings, io }: Pick<CommandContext, 'settings' | 'io'>,
): Promise<ExitCode> {
  for (const error of errors) await printFailure(io.stderr, error, settings.json);
  return errors.length === 0 ? 0 : commonExitCode(errors);
}
