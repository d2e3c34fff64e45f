import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { stdioWire } from '../proxy/wires/stdio-wire.ts';
import { findWire } from '../relay/find-wire.ts';
import { relay } from '../relay/relay.ts';
import { openTracer } from '../trace/tracer.ts';

/** `mcp trace -- COMMAND`: stands between a host and a server, and shows on stderr what they say to each other. */
export async function trace(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const { redact, open } = await findWire(context);
  const { json: asJson, verbose: isWhole } = settings;
  const tracer = openTracer({ output: io.stderr, asJson, isWhole, redact, now: () => performance.now() });
  const server = await open({
    onIgnored: (text) => tracer.onTrouble('server', `a line on stdout that is no message: ${text}`),
    onStderr: (text) => tracer.onStderr(text),
  });
  try {
    await relay(stdioWire(io), server, tracer);
  } finally {
    tracer.end();
  }
  return 0;
}
