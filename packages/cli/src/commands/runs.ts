import type { Pipelines, RunInfo, RunStep } from '@toolwire/pipeline';
import { CliError } from '../cli-error.ts';
import type { Command, CommandContext } from '../context.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { printJson } from '../output/json.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { formatTable } from '../output/table.ts';
import { writeNew } from '../output/write-new.ts';
import { parseJson } from '../arguments/parse-object.ts';
import { withRuns } from '../pipeline/open-runs.ts';
import { showRun } from '../pipeline/show-run.ts';
import { timelinePage } from '../pipeline/timeline.ts';

const looks = { role: 'observer' } as const;
const goesOn = { recover: false } as const;

/** `mcp runs ls`: the runs, the newest first. */
export const runsLs: Command = (context) =>
  withRuns(context, looks, async (pipelines) => {
    const runs = await pipelines.list({ children: context.settings.own.has('all') });
    return show(runs, ['id', 'status', 'pipeline', 'attempt', 'started'], runs.map(rowOf), context);
  });

/** `mcp runs show ID`: what a run has done; with `--html FILE` as a picture of its time. */
export const runsShow: Command = (context) =>
  withRuns(context, looks, async (pipelines) => {
    const { settings, io } = context;
    const run = await pipelines.get(only(context));
    const steps = await pipelines.steps(run.id);
    const file = settings.own.last('html');
    if (file !== undefined) {
      await writeNew(file, timelinePage(run, steps), { force: settings.own.has('force') }, io);
      return 0;
    }
    if (settings.json) return await printed({ ...run, steps }, context);
    await print(io.stdout, `${sanitizeLine(`${run.id} of ${run.pipeline} is ${run.status}`)}\n`);
    await show(steps, ['step', 'status', 'took', 'note'], steps.map(stepRow), context);
    return 0;
  });

/** `mcp runs resume ID`: goes on with a run that was interrupted or cancelled. */
export const runsResume: Command = (context) =>
  withRuns(context, goesOn, async (pipelines) => {
    const { id } = await pipelines.resume(only(context));
    return showRun(pipelines, id, context);
  });

/** `mcp runs retry ID [--from STEP]`: another attempt at a run that has ended. */
export const runsRetry: Command = (context) =>
  withRuns(context, goesOn, async (pipelines) => {
    const { own } = context.settings;
    const from = own.last('from');
    const unknown = own.oneOf('unknown', ['done', 'again']);
    const options = { ...(from !== undefined && { from }), ...(unknown !== undefined && { unknown }) };
    const { id } = await pipelines.retry(only(context), options);
    return showRun(pipelines, id, context);
  });

/** `mcp runs cancel ID`: stops a run, wherever it is carried out. */
export const runsCancel: Command = (context) =>
  withRuns(context, looks, async (pipelines) => {
    const id = only(context);
    await pipelines.cancel(id);
    return tell(pipelines, id, context);
  });

/** `mcp runs answer ID STEP yes|no|JSON`: what a step waits for: a word of a person, or what a webhook brought. */
export const runsAnswer: Command = (context) =>
  withRuns(context, looks, async (pipelines) => {
    const [id, step, text, extra] = context.line.operands;
    if (id === undefined || step === undefined || text === undefined || extra !== undefined)
      throw new CliError('usage', 'mcp runs answer ID STEP yes|no|JSON');
    const isWord = text === 'yes' || text === 'no';
    await pipelines.signal(id, step, isWord ? { approved: text === 'yes' } : { event: parseJson(text, 'The event') });
    return tell(pipelines, id, context);
  });

/** `mcp runs prune --older-than TIME`: forgets runs that have ended. */
export const runsPrune: Command = (context) =>
  withRuns(context, looks, async (pipelines): Promise<ExitCode> => {
    const text = context.settings.own.last('older-than') ?? '30d';
    const days = /^(\d{1,5})d$/.exec(text)?.[1];
    const olderThanMs = days === undefined ? parseDuration(text, '--older-than') : Number(days) * 86_400_000;
    const ids = await pipelines.prune({ olderThanMs });
    await print(context.io.stdout, ids.map((id) => `${sanitizeLine(id)}\n`).join(''));
    return 0;
  });

function only({ line: { operands, words } }: CommandContext): string {
  const [id, extra] = operands;
  if (id === undefined || extra !== undefined) throw new CliError('usage', `Name one run: mcp ${words.join(' ')} ID`);
  return id;
}

async function tell(pipelines: Pipelines, id: string, { io }: CommandContext): Promise<ExitCode> {
  const { status } = await pipelines.get(id);
  await print(io.stderr, `mcp: ${sanitizeLine(id)} is ${status}\n`);
  return 0;
}

async function printed(value: unknown, { io }: CommandContext): Promise<ExitCode> {
  await printJson(io.stdout, value);
  return 0;
}

async function show(
  values: readonly unknown[],
  head: readonly string[],
  rows: readonly (readonly string[])[],
  context: CommandContext,
): Promise<ExitCode> {
  if (context.settings.json) return printed(values, context);
  const table = formatTable({ head, groups: [{ name: '', rows }], plural: 'runs' }, context.io.stdout.columns);
  await print(context.io.stdout, table);
  return 0;
}

function rowOf({ id, status, pipeline, attempt, createdAt }: RunInfo): string[] {
  return [id, status, pipeline, String(attempt), new Date(createdAt).toISOString()];
}

function stepRow({ step, key, status, startedAt, endedAt, error, isReconciled, retries, waitsFor }: RunStep): string[] {
  const notes = [
    error ?? '',
    isReconciled === true ? 'found to have happened' : '',
    retries.length === 0 ? '' : `${retries.length} made again`,
    waitsFor === undefined ? '' : `waits: ${waitsFor.question ?? waitsFor.for}`,
  ];
  const took = endedAt === undefined ? '' : `${endedAt - startedAt} ms`;
  return [key === undefined ? step : `${step}[${key}]`, status, took, notes.filter((note) => note !== '').join(', ')];
}
