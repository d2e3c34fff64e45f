import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import type { Show } from '../output/show.ts';
import { shownToolResult } from '../output/tool-result.ts';
import type { TaskOutcome } from './wait-for-task.ts';

/** Prints what came of a task: its result, or that there is none. */
export async function showOutcome({ task, result }: TaskOutcome, show: Show, { stderr }: Io): Promise<ExitCode> {
  if (result === undefined) {
    await print(stderr, 'mcp: the task was cancelled\n');
    return 5;
  }
  await show(shownToolResult(result));
  if (!result.isError && task.status === 'completed') return 0;
  await print(stderr, 'mcp: the tool reports an error\n');
  return 1;
}
