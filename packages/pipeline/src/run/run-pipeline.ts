import type { PipelineDefinition, Step } from '../definition.ts';
import type { Journal } from '../engine.ts';
import { isPipelineError } from '../errors.ts';
import type { EventBody } from '../events.ts';
import { evaluateText, fill } from '../expression/template.ts';
import { isTrue, type Scope } from '../expression/evaluate.ts';
import type { ServerSet } from '../servers.ts';
import { Slots } from '../waiting.ts';
import { carryOut } from './carry-out.ts';
import { recordName, type Outcome, type RunEnd, type RunProblem } from './outcome.ts';
import { placesOf, scopeAt, type Place } from './places.ts';
import { knownOutcome, originalId, type RunRequest } from './run-request.ts';
import type { StoredValues } from './stored-value.ts';

/** What a run needs of the process that carries it out. */
export interface RunServices {
  readonly servers: ServerSet;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stored: StoredValues;
  readonly emit: (event: EventBody) => void;
}

/** A run under way. */
export interface Run {
  readonly journal: Journal;
  readonly request: RunRequest;
  readonly services: RunServices;
  readonly slots: Slots;
}

const defaultConcurrency = 4;

/**
 * Carries out a run. It asks the journal for the same operations in the same order each time: everything that it decides by comes
 * from the request or the record, and the operations of items are taken in the order of the items.
 */
export async function runPipeline(journal: Journal, request: RunRequest, services: RunServices): Promise<RunEnd> {
  const { pipeline, input } = request;
  const slots = new Slots(pipeline.concurrency ?? defaultConcurrency);
  const run: Run = { journal, request, services, slots };
  services.emit({ type: 'run-started', pipeline: pipeline.name, steps: pipeline.steps.map(({ id }) => id) });
  const steps: Record<string, { result: unknown }> = {};
  const done = new Map<string, readonly Place[]>();
  const problems: RunProblem[] = [];
  let scope: Scope = { input, run: { id: originalId(journal.runId) }, steps };
  for (const step of pipeline.steps) {
    const ended = await runStep(run, step, scope, done);
    problems.push(...ended.problems);
    if (ended.places !== undefined) done.set(step.id, ended.places);
    steps[step.id] = { result: ended.result };
    scope = { ...scope, [step.id]: ended.result };
    const stops = (step.onError ?? (isRepeated(step) ? 'continue' : 'stop')) === 'stop';
    if (ended.problems.length > 0 && stops) break;
  }
  return endOf(pipeline, scope, problems);
}

function endOf(pipeline: PipelineDefinition, scope: Scope, problems: readonly RunProblem[]): RunEnd {
  if (problems.some(({ status }) => status === 'unknown'))
    return { status: 'needs-attention', output: undefined, problems };
  if (problems.length > 0) return { status: 'failed', output: undefined, problems };
  const last = pipeline.steps.at(-1)?.id ?? '';
  try {
    const output = pipeline.output === undefined ? scope[last] : fill(pipeline.output, scope);
    return { status: 'completed', output, problems };
  } catch (error) {
    if (!isPipelineError(error)) throw error;
    return {
      status: 'failed',
      output: undefined,
      problems: [{ step: 'output', status: 'failed', error: error.message }],
    };
  }
}

interface StepEnd {
  readonly result: unknown;
  /** The items that were done, for the steps that go on with them. */
  readonly places?: readonly Place[];
  readonly problems: readonly RunProblem[];
}

async function runStep(
  run: Run,
  step: Step,
  scope: Scope,
  earlier: ReadonlyMap<string, readonly Place[]>,
): Promise<StepEnd> {
  const { emit } = run.services;
  let places: Place[];
  try {
    places = placesOf(step, scope, earlier);
  } catch (error) {
    if (!isPipelineError(error)) throw error;
    return { result: null, problems: [{ step: step.id, status: 'failed', error: error.message }] };
  }
  emit({ type: 'step-started', step: step.id, ...(isRepeated(step) && { items: places.length }) });
  const outcomes = await inOrder(run.slots, places, (place) => settle(run, step, place, scope));
  emit({ type: 'step-ended', step: step.id });
  const results = outcomes.map((outcome) => (outcome.status === 'done' ? outcome.result : null));
  const problems = outcomes.flatMap((outcome, index) => problemOf(step, places[index]?.key, outcome));
  if (!isRepeated(step)) return { result: results[0] ?? null, problems };
  const doneOnes = places.flatMap((place, index) =>
    outcomes[index]?.status === 'done' ? [{ ...place, results: { ...place.results, [step.id]: results[index] } }] : [],
  );
  return { result: doneOnes.map(({ results: own }) => own[step.id]), places: doneOnes, problems };
}

/** Begins one after the other, as many at once as there are slots. */
async function inOrder(
  slots: Slots,
  places: readonly Place[],
  work: (place: Place) => Promise<Outcome>,
): Promise<Outcome[]> {
  const under: Promise<Outcome>[] = [];
  for (const place of places) {
    await slots.acquire();
    const ending = work(place).finally(() => slots.release());
    ending.catch(() => {}); // It is awaited below, after those before it.
    under.push(ending);
  }
  return Promise.all(under);
}

/** The outcome of a step at a place. Takes its operations before it first waits. */
async function settle(run: Run, step: Step, place: Place, outer: Scope): Promise<Outcome> {
  const name = recordName(step.id, place.key);
  const scope = scopeAt(place, outer);
  const known = knownOutcome(run.request, name);
  let isReplayed = true;
  const onFresh = (): void => void (isReplayed = false);
  const outcome = known ?? (await attempt(run, step, place, scope, name, onFresh));
  run.services.emit({
    type: 'settled',
    step: step.id,
    ...(place.key !== undefined && { key: place.key }),
    outcome: outcome.status,
    ...('error' in outcome && { error: outcome.error }),
    isReplayed,
  });
  return outcome;
}

async function attempt(
  run: Run,
  step: Step,
  place: Place,
  scope: Scope,
  name: string,
  onFresh: () => void,
): Promise<Outcome> {
  try {
    if (!isWanted(step, scope)) return { status: 'skipped' };
    return await carryOut(run, step, { place, scope, name, onFresh });
  } catch (error) {
    if (!isPipelineError(error)) throw error; // An argument or an input is not there, or not right.
    return { status: 'failed', error: error.message };
  }
}

function isWanted({ when }: Step, scope: Scope): boolean {
  return typeof when === 'string' ? isTrue(evaluateText(when, scope)) : (when ?? true);
}

function isRepeated(step: Step): boolean {
  return 'forEach' in step && step.forEach !== undefined;
}

function problemOf({ id }: Step, key: string | undefined, outcome: Outcome): RunProblem[] {
  if (outcome.status !== 'failed' && outcome.status !== 'unknown') return [];
  return [{ step: id, ...(key !== undefined && { key }), status: outcome.status, error: outcome.error }];
}
