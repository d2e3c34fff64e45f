import type { Tool } from '@toolwire/client-core';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { shownToolResult } from '../output/tool-result.ts';
import type { Settings } from '../own-flags.ts';
import { toolKind } from '../server-items.ts';
import { call } from './call.ts';

/** `mcp tools call NAME …`: checks the arguments against the tool's schema, calls it and prints what it answers. */
export function toolsCall(context: CommandContext): Promise<ExitCode> {
  return call({ words: 'tools call', kind: toolKind }, context, async ({ server, tool, settings }, args, show) => {
    if (isForTasks(tool, settings)) {
      const { callAsTask } = await import('../tasks/call-as-task.ts');
      return callAsTask({ server, tool, settings }, args, show, context.io);
    }
    const result = await server.callTool(tool.name, args, { timeoutMs: settings.timeoutMs });
    await show(shownToolResult(result));
    if (!result.isError) return 0;
    await print(context.io.stderr, 'mcp: the tool reports an error\n');
    return 1;
  });
}

/** Some tools can be called as a task only, and some can if that is wanted. */
function isForTasks({ execution }: Tool, { own }: Settings): boolean {
  return execution?.taskSupport === 'required' || own.has('task') || own.has('detach');
}
