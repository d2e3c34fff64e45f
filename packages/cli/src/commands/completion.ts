import { CliError } from '../cli-error.ts';
import { completionScripts, shells } from '../completion/shells.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';

/** `mcp completion SHELL`: prints what makes a shell complete the words of a command line. */
export async function completion({ line, io }: CommandContext): Promise<ExitCode> {
  const [shell = '', extra] = line.operands;
  const script = completionScripts.get(shell);
  if (script === undefined || extra !== undefined) {
    throw new CliError('usage', `Name a shell: mcp completion ${shells.join(' | ')}`);
  }
  await print(io.stdout, script);
  return 0;
}
