import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { definitionSchema, type MockDefinition } from '../mock/definition.ts';
import { mockTransport } from '../mock/mock-transport.ts';
import { serveStandIn } from '../proxy/stand-in.ts';
import { readDocument } from '../read-document.ts';

/** `mcp mock FILE`: a server with the tools, resources and prompts of a file, which answers as the file says. */
export async function mock(context: CommandContext): Promise<ExitCode> {
  const [file, extra] = context.line.operands;
  if (file === undefined || extra !== undefined) throw new CliError('usage', 'Name one file: mcp mock FILE');
  const definition = await readDocument<MockDefinition>(file, definitionSchema, context.io);
  await serveStandIn('mock', () => mockTransport(definition), context);
  return 0;
}
