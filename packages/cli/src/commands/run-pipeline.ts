import type { Pipelines, Problem } from '@toolwire/pipeline';
import type { JsonObject } from '@toolwire/client-core';
import { buildArguments } from '../arguments/build-arguments.ts';
import { textReader } from '../arguments/read-text.ts';
import { readToolTokens } from '../arguments/tool-tokens.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { pipelinePackage, withRuns } from '../pipeline/open-runs.ts';
import { readPipeline, type ReadPipeline } from '../pipeline/read-pipeline.ts';
import { showRun } from '../pipeline/show-run.ts';

/** `mcp run FILE.yaml`: carries a pipeline out, or goes on with the run of that `--id`, and shows it until its end. */
export async function runPipeline(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [file = '', extra] = line.operands;
  if (extra !== undefined) throw new CliError('usage', 'Name one file: mcp run FILE');
  const { own } = settings;
  const read = await readPipeline(file, io);
  const input = await readInput(read, context);
  const id = own.last('id');
  const concurrency = own.count('concurrency');
  return withRuns(context, { recover: false }, async (pipelines) => {
    await tellProblems(await pipelines.check(read.pipeline), read, context);
    if (own.has('dry-run')) return tellPlan(read, context);
    const options = { input, detached: own.has('detach'), ...(id !== undefined && { id }) };
    const run = await pipelines.start(read.pipeline, { ...options, ...(concurrency !== undefined && { concurrency }) });
    if (options.detached) {
      await print(io.stdout, `${run.id}\n`);
      return 0;
    }
    await goOn(pipelines, run.id);
    return showRun(pipelines, run.id, context);
  });
}

/** A run that an earlier process left is taken up. */
async function goOn(pipelines: Pipelines, id: string): Promise<void> {
  const { status } = await pipelines.get(id);
  if (status === 'interrupted' || status === 'cancelled') await pipelines.resume(id);
}

async function readInput({ pipeline }: ReadPipeline, { settings, io }: CommandContext): Promise<JsonObject> {
  const schema = pipeline.input ?? { type: 'object' };
  const { entries } = readToolTokens(settings.own.all('input'), schema);
  const sources = { entries, input: undefined, readText: textReader(io), validate: settings.validate };
  return buildArguments(schema, sources);
}

/** Warnings are told, errors end it; each with its place in the file. */
async function tellProblems(
  problems: readonly Problem[],
  { locate }: ReadPipeline,
  { io }: CommandContext,
): Promise<void> {
  const { formatProblem } = await pipelinePackage();
  const told = problems.map((problem) => ({ ...problem, text: formatProblem(locate(problem)) }));
  const errors = told.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new CliError('pipeline-invalid', errors.map(({ text }) => text).join('; '));
  for (const { text } of told) await print(io.stderr, `mcp: warning: ${sanitizeLine(text)}\n`);
}

async function tellPlan({ pipeline }: ReadPipeline, { io }: CommandContext): Promise<ExitCode> {
  for (const step of pipeline.steps) {
    const each =
      step.forEach === undefined ? '' : `, for each of ${typeof step.forEach === 'string' ? step.forEach : 'a list'}`;
    await print(io.stdout, `${sanitizeLine(`${step.id}: ${what(step)}${each}`)}\n`);
  }
  return 0;
}

function what(step: ReadPipeline['pipeline']['steps'][number]): string {
  if ('call' in step) return `calls ${step.call}`;
  if ('sleep' in step) return `sleeps ${String(step.sleep)}`;
  if ('approval' in step) return `asks: ${step.approval}`;
  if ('webhook' in step) return `waits for ${step.webhook}`;
  return `runs ${step.pipeline.name}`;
}
