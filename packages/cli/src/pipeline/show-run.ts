import type { Pipelines, RunInfo } from '@toolwire/pipeline';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { printJson } from '../output/json.ts';
import { safeJson, sanitize, sanitizeLine } from '../output/sanitize.ts';
import { fitWidth } from '../output/text-width.ts';
import { formatState, takeIn, type RunState } from './run-state.ts';

const frameMs = 100;
const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** Shows a run until it ends: moving lines on a terminal, a line of JSON for each event elsewhere; then what it gave. */
export async function showRun(pipelines: Pipelines, id: string, { settings, io }: CommandContext): Promise<ExitCode> {
  const isMoving = !settings.json && io.stderr.isTTY === true && io.env['TERM'] !== 'dumb';
  io.interrupted?.addEventListener('abort', () => {
    void print(io.stderr, `\nmcp: ${id} goes on with: mcp runs resume ${id}\n`);
  });
  if (isMoving) await showMoving(pipelines, id, io);
  else for await (const event of pipelines.watch(id)) await print(io.stdout, `${safeJson(event, 0)}\n`);
  const run = await pipelines.wait(id);
  if (isMoving) await printEnd(run, io);
  else await print(io.stdout, `${safeJson({ type: 'result', ...run }, 0)}\n`);
  return run.status === 'completed' ? 0 : 1;
}

async function showMoving(pipelines: Pipelines, id: string, { stderr }: Io): Promise<void> {
  const state: RunState = { pipeline: '', steps: [] };
  let shown = 0;
  let turn = 0;
  const draw = (): void => {
    const lines = formatState(state, frames.charAt(turn++ % frames.length));
    const text = lines.map((line) => `${fitWidth(line, stderr.columns)}\u001b[K\n`).join('');
    stderr.write(`${shown === 0 ? '' : `\u001b[${shown}A`}${text}`, () => undefined);
    shown = lines.length;
  };
  const timer = setInterval(draw, frameMs);
  try {
    for await (const event of pipelines.watch(id))
      if (event.run === id || event.type === 'run-started') takeIn(state, event);
  } finally {
    clearInterval(timer);
    draw();
  }
}

async function printEnd({ id, status, output, problems }: RunInfo, io: Io): Promise<void> {
  await print(io.stderr, `${sanitizeLine(id)} ${words[status] ?? `is ${status}`}\n`);
  for (const { step, key, error } of problems) {
    const place = key === undefined ? step : `${step}[${key}]`;
    await print(io.stderr, `  ${sanitizeLine(`${place}: ${error}`)}\n`);
  }
  const next = nextSteps[status];
  if (next !== undefined) await print(io.stderr, `  ${next(sanitizeLine(id))}\n`);
  if (status !== 'completed' || output === undefined || output === null) return;
  if (typeof output === 'string') await print(io.stdout, `${sanitize(output)}\n`);
  else await printJson(io.stdout, output);
}

const words: Partial<Record<RunInfo['status'], string>> = {
  'needs-attention': 'needs attention',
  failed: 'failed',
};

const nextSteps: Partial<Record<RunInfo['status'], (id: string) => string>> = {
  failed: (id) => `Mend what failed, then: mcp runs retry ${id}`,
  'needs-attention': (id) =>
    `Look whether those calls happened, then: mcp runs retry ${id} --unknown done, or --unknown again`,
  cancelled: (id) => `It goes on with: mcp runs resume ${id}`,
};
