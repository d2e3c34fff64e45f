import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a command with nothing on stdin and returns its stdout; one that fails or takes a minute throws all it printed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const running = execute(command, args, { timeout: 60_000, maxBuffer: 2 ** 26, ...options, encoding: 'utf8' });
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
