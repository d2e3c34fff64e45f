import { parseRecording, replayTransport, type Recording } from '@toolwire/testing';
import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { serveStandIn } from '../proxy/stand-in.ts';

/** `mcp replay FILE`: a server that answers as the recorded one did. */
export async function replay(context: CommandContext): Promise<ExitCode> {
  const { line, io } = context;
  const [file, extra] = line.operands;
  if (file === undefined || extra !== undefined) throw new CliError('usage', 'Name one recording: mcp replay FILE');
  const text = await textReader(io)(file === '-' ? './-' : file); // The host speaks on standard input.
  const recording = read(text, file);
  await serveStandIn('replay', () => replayTransport(recording, { repeat: true }), context);
  return 0;
}

function read(text: string, file: string): Recording {
  try {
    return parseRecording(text);
  } catch (error) {
    throw new CliError('usage', `${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
