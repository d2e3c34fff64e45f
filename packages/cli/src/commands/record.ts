import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openLog } from '../proxy/log.ts';
import { stdioWire } from '../proxy/wires/stdio-wire.ts';
import { openRecorder } from '../record/recorder.ts';
import { findWire } from '../relay/find-wire.ts';
import { relay } from '../relay/relay.ts';

/** `mcp record FILE -- COMMAND`: stands between a host and a server, and writes down what they say to each other. */
export async function record(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [file, extra] = line.operands;
  if (file === undefined || extra !== undefined)
    throw new CliError('usage', 'Name one file to write: mcp record FILE -- COMMAND');
  const { redact, open } = await findWire(context);
  const log = openLog(io.stderr, redact, settings.verbose, 'mcp record');
  const server = await open({
    onIgnored: (text) => log.say(`a line on stdout that is no message: ${text}`),
    onStderr: (text) => log.stderr(text),
  });
  const path = process.getBuiltinModule('node:path').resolve(io.cwd, file);
  const presence = settings.own.has('append') ? 'append' : settings.own.has('force') ? 'replace' : 'refuse';
  const recorder = openRecorder({ path, presence, redact, now: () => performance.now() });
  try {
    await relay(stdioWire(io), server, { ...recorder, onTrouble: (_from, text) => log.say(text) });
  } finally {
    recorder.close();
  }
  return 0;
}
