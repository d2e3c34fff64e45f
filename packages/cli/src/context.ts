import type { CommandLine } from './command-line.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Settings } from './own-flags.ts';
import type { Servers } from './servers.ts';

/** What a command is given to work with. */
export interface CommandContext {
  readonly line: CommandLine;
  readonly settings: Settings;
  readonly servers: Servers;
  readonly io: Io;
  /** How a failure is to be told; a command corrects it once it knows whose `--json` was meant. */
  readonly report: { asJson: boolean };
}

/** A command: prints its result, and says what the process is to end with. */
export type Command = (context: CommandContext) => Promise<ExitCode>;
