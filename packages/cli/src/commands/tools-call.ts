import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { shownToolResult } from '../output/tool-result.ts';
import { toolKind } from '../server-items.ts';
import { call } from './call.ts';

/** `mcp tools call NAME …`: checks the arguments against the tool's schema, calls it and prints what it answers. */
export function toolsCall(context: CommandContext): Promise<ExitCode> {
  return call({ words: 'tools call', kind: toolKind }, context, async ({ server, tool, settings }, args, show) => {
    const result = await server.callTool(tool.name, args, settings.timeoutMs);
    await show(shownToolResult(result));
    if (!result.isError) return 0;
    await print(context.io.stderr, 'mcp: the tool reports an error\n');
    return 1;
  });
}
