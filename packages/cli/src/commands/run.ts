import type { Command } from '../context.ts';
import { batch } from './batch.ts';

/** `mcp run FILE|-`: a pipeline, where the file is one by its ending; else a batch of calls. */
export const run: Command = async (context) => {
  const isPipeline = /\.(?:ya?ml|[cm]?[jt]s)$/i.test(context.line.operands[0] ?? '');
  return isPipeline ? (await import('./run-pipeline.ts')).runPipeline(context) : batch(context);
};
