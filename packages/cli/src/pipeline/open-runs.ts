import type { Pipelines, PipelinesOptions } from '@toolwire/pipeline';
import { CliError, type CliErrorCode } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { print } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';

type Package = typeof import('@toolwire/pipeline');

/** The package of the pipelines: not part of the command, since its engine is 40 MB that few need. */
export async function pipelinePackage(): Promise<Package> {
  try {
    return await import('@toolwire/pipeline');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error; // What an import throws.
    throw new CliError('pipeline-missing', 'Pipelines need a package more', 'npm install --global @toolwire/pipeline');
  }
}

/**
 * Opens the place where runs are kept, as `--db` or `--dir` names it, for as long as `work` takes. What the engine or a
 * definition is wrong with comes as a `CliError`.
 */
export async function withRuns<T>(
  { settings: { own }, io }: CommandContext,
  options: Pick<PipelinesOptions, 'role' | 'recover'>,
  work: (pipelines: Pipelines) => Promise<T>,
): Promise<T> {
  const { openPipelines, isPipelineError } = await pipelinePackage();
  const url = own.last('db') ?? io.env['MCP_PIPELINE_DB'];
  const dir = own.last('dir') ?? '.mcp/pipeline';
  try {
    const pipelines = await openPipelines({
      ...options,
      engine:
        url === undefined
          ? { kind: 'embedded', dir: process.getBuiltinModule('node:path').resolve(io.cwd, dir) }
          : { kind: 'postgres', url },
      env: io.env,
      onWarning: (message) => void print(io.stderr, `mcp: ${sanitizeLine(message)}\n`),
    });
    try {
      return await work(pipelines);
    } finally {
      await pipelines.close();
    }
  } catch (error) {
    if (!isPipelineError(error)) throw error;
    throw new CliError(codes[error.code] ?? 'pipeline-invalid', error.message);
  }
}

const codes: Readonly<Record<string, CliErrorCode>> = {
  'directory-in-use': 'pipeline-unavailable',
  'engine-busy': 'pipeline-unavailable',
  'engine-unavailable': 'pipeline-unavailable',
};
