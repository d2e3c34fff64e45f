import type { RunEvent } from '@toolwire/pipeline';
import { sanitizeLine } from '../output/sanitize.ts';

/** How far a step has come. */
export interface StepState {
  readonly id: string;
  status: 'ahead' | 'under way' | 'ended';
  /** How many items there are, with `forEach`. */
  items: number | undefined;
  done: number;
  skipped: number;
  failed: number;
  /** Calls that were made again. */
  retries: number;
  /** What it is waiting for. */
  waits: string | undefined;
}

/** A run, as far as its events have told. */
export interface RunState {
  pipeline: string;
  steps: StepState[];
}

/** Takes in an event of the run itself; those of runs that it started are left out. */
export function takeIn(state: RunState, event: RunEvent): void {
  if (event.type === 'run-started') {
    state.pipeline = event.pipeline;
    state.steps = event.steps.map((id) => newStep(id));
    return;
  }
  const step = 'step' in event ? state.steps.find(({ id }) => id === event.step) : undefined;
  if (step === undefined) return;
  if (event.type === 'step-ended') step.status = 'ended';
  else step.status = 'under way';
  step.waits = event.type === 'waiting' ? (event.question ?? event.for) : undefined;
  if (event.type === 'step-started') step.items = event.items;
  if (event.type === 'call-retried') step.retries += 1;
  if (event.type !== 'settled') return;
  if (event.outcome === 'done') step.done += 1;
  else if (event.outcome === 'skipped') step.skipped += 1;
  else step.failed += 1;
}

function newStep(id: string): StepState {
  const counts = { done: 0, skipped: 0, failed: 0, retries: 0 };
  return { id, status: 'ahead', items: undefined, waits: undefined, ...counts };
}

/** The run in lines: a step each, with its items and what was made again. */
export function formatState({ steps }: RunState, frame: string): string[] {
  const width = Math.max(0, ...steps.map(({ id }) => id.length));
  return steps.map((step) => `${signOf(step, frame)} ${step.id.padEnd(width)}  ${factsOf(step).join(', ')}`.trimEnd());
}

function signOf({ status, failed }: StepState, frame: string): string {
  if (status === 'ahead') return '·';
  if (status === 'under way') return frame;
  return failed > 0 ? '✗' : '✓';
}

function factsOf({ items, done, skipped, failed, retries, waits }: StepState): string[] {
  return [
    items === undefined ? '' : `${done} of ${items}`,
    skipped === 0 ? '' : items === undefined ? 'skipped' : `${skipped} skipped`,
    failed === 0 ? '' : items === undefined ? 'failed' : `${failed} failed`,
    retries === 0 ? '' : `${retries} made again`,
    waits === undefined ? '' : `waits: ${sanitizeLine(waits)}`,
  ].filter((fact) => fact !== '');
}
