import type { CommandContext } from '../context.ts';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { withRuns } from '../pipeline/open-runs.ts';

/** `mcp worker --db URL`: carries out runs that others have started, and those of workers that died, until it is interrupted. */
export async function worker(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  if (settings.own.last('db') === undefined && io.env['MCP_PIPELINE_DB'] === undefined)
    throw new CliError('usage', 'A worker needs a database that others can reach, too', 'mcp worker --db postgres://…');
  return withRuns(context, { recover: true }, async () => {
    await print(io.stderr, 'mcp: ready for runs, until Ctrl-C\n');
    return new Promise<ExitCode>(() => undefined);
  });
}
