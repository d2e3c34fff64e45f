import { failWith } from '../fail-with.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io, Output } from '../io.ts';
import { CliError } from '../cli-error.ts';
import { run } from '../run.ts';
import type { KeptServers } from './kept-servers.ts';
import { commandLineOf, writtenOut, type Standing } from './lines.ts';
import { splitWords } from './split-words.ts';

/** Commands that take the place of the shell on its streams. */
const apart: ReadonlySet<string> = new Set(['shell', 'proxy', 'webhook', 'record', 'replay', 'trace', 'mock']);

/** Runs one line of a shell as the command itself would; a line without words, or a comment, is nothing. */
export async function runLine(
  line: string,
  standing: Standing,
  servers: KeptServers,
  io: Io & { readonly interrupted: AbortSignal },
): Promise<ExitCode> {
  const { interrupted } = io;
  // What is interrupted may still go on for a moment: nobody wants to hear of it.
  const ownIo: Io = { ...io, stdout: until(interrupted, io.stdout), stderr: until(interrupted, io.stderr) };
  try {
    const words = writtenOut(splitWords(line.trimStart().startsWith('#') ? '' : line));
    const [first = ''] = words;
    if (first === '') return 0;
    if (apart.has(first))
      throw new CliError('usage', `mcp ${first} is a command of its own`, 'Run it outside of the shell');
    servers.countAnew();
    const code = await run(commandLineOf(words, standing), ownIo, servers);
    // A server that was lost, or that wants another login, is connected to anew.
    if (code === 3 || code === 4) await servers.end();
    return code;
  } catch (error) {
    return failWith(error, ownIo, false);
  }
}

function until(signal: AbortSignal, output: Output): Output {
  return {
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
    write: (text, done) => (signal.aborted ? done() : output.write(text, done)),
  };
}
