import type { PipelineDefinition, Problem } from '@toolwire/pipeline';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { pipelinePackage } from './open-runs.ts';

/** A pipeline from a file, and where in the file a problem is. */
export interface ReadPipeline {
  readonly pipeline: PipelineDefinition;
  readonly locate: (problem: Problem) => Problem;
}

/** Reads a pipeline: YAML, or a module whose default export, or export `pipeline`, is one. */
export async function readPipeline(file: string, { cwd }: Pick<Io, 'cwd'>): Promise<ReadPipeline> {
  const { definePipeline, loadPipeline, isPipelineError } = await pipelinePackage();
  const path = process.getBuiltinModule('node:path').resolve(cwd, file);
  if (!process.getBuiltinModule('node:fs').existsSync(path)) throw new CliError('usage', `There is no file ${file}`);
  try {
    if (/\.ya?ml$/i.test(file)) return await loadPipeline(path);
    const module: unknown = await import(process.getBuiltinModule('node:url').pathToFileURL(path).href);
    const { default: exported, pipeline = exported } = module as { default?: unknown; pipeline?: unknown };
    // What is no pipeline is refused by definePipeline.
    return { pipeline: definePipeline(pipeline as PipelineDefinition), locate: (problem) => ({ ...problem, file }) };
  } catch (error) {
    if (isPipelineError(error)) throw new CliError('pipeline-invalid', error.message);
    throw error;
  }
}
