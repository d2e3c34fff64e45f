import type { Step } from '../definition.ts';
import type { Engine, StoredRun } from '../engine.ts';
import { beginning, question, type Carried, type Outcome } from './outcome.ts';
import type { RunRequest } from './run-request.ts';

/**
 * What another attempt at a run need not do again: what is done, before the step `from` or anywhere; and of what is not, whether
 * it may have happened.
 */
export async function carriedFrom(engine: Engine, run: StoredRun, from?: string): Promise<Carried> {
  const { pipeline, carried } = run.request as RunRequest; // Every run of ours is started with one.
  const wantedAnew = new Set(stepsFrom(pipeline.steps, from));
  const known = Object.entries({ ...carried, ...(await recordedIn(engine, run.id)) });
  const kept = known.map(([name, outcome]) => {
    const isAnew = wantedAnew.has(name.split('[')[0] ?? name);
    return [name, isAnew ? anew(outcome) : settledOnly(outcome)] as const;
  });
  return Object.fromEntries(kept);
}

/** Wanted again, though it may be done: a call that must not happen twice is looked for first. */
function anew(outcome: Outcome): Outcome {
  if (outcome.status !== 'done') return outcome;
  const inner = Object.entries(outcome.carried ?? {}).map(([name, part]) => [name, anew(part)] as const);
  const error = 'It was done by an earlier attempt';
  return { status: 'failed', error, mayHaveHappened: true, carried: Object.fromEntries(inner) };
}

/** What is done needs no word of how. */
function settledOnly(outcome: Outcome): Outcome {
  return outcome.status === 'done' ? { status: 'done', result: outcome.result } : outcome;
}

function stepsFrom(steps: readonly Step[], from: string | undefined): string[] {
  const index = steps.findIndex(({ id }) => id === from);
  return index < 0 ? [] : steps.slice(index).map(({ id }) => id);
}

/** The outcomes that a run has recorded, by name; and of the runs that it started, how far they came. */
async function recordedIn(engine: Engine, runId: string): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = Object.create(null) as Record<string, Outcome>; // A step may have any name.
  const children = new Map<string, Carried>();
  for (const { name, value, child } of await engine.steps(runId)) {
    if (child !== undefined) children.set(child.slice(runId.length + 1), await recordedIn(engine, child));
    else if (name.startsWith(beginning)) outcomes[name.slice(beginning.length)] ??= unfinished;
    else if (isOutcome(name, value)) outcomes[name] = value;
  }
  for (const [name, carried] of children) {
    const outcome = outcomes[name];
    outcomes[name] =
      outcome?.status === 'done'
        ? { ...outcome, carried }
        : { status: 'failed', error: 'It was not finished', carried };
  }
  return outcomes;
}

const unfinished: Outcome = { status: 'unknown', error: 'It was begun, and its answer never came' };

/** Whether a record is an outcome, rather than one of the engine's own. */
export function isOutcome(name: string, value: unknown): value is Outcome {
  const isOurs = !name.startsWith(beginning) && !name.startsWith(question);
  return isOurs && typeof value === 'object' && value !== null && 'status' in value;
}
