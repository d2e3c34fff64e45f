import type { JsonObject } from '@toolwire/client-core';
import type { SubPipelineStep } from '../definition.ts';
import type { ChildEnd } from '../engine.ts';
import { fill } from '../expression/template.ts';
import { recordName, type Outcome, type RunEnd } from './outcome.ts';
import { readInput } from './read-input.ts';
import type { Run } from './run-pipeline.ts';
import { idempotentUnder, type RunRequest } from './run-request.ts';
import { storedValues } from './stored-value.ts';
import type { Work } from './work.ts';

/** What it is made of was stored before: to judge it anew, by other options, could not be replayed. */
const asStored = storedValues([], Infinity);

/** Runs a pipeline as a run of its own. */
export function subPipelineStep(run: Run, step: SubPipelineStep, { scope, name, onFresh }: Work): Promise<Outcome> {
  const { journal, request } = run;
  const before = Object.hasOwn(request.carried, name) ? request.carried[name] : undefined;
  const child: RunRequest = {
    pipeline: step.pipeline,
    input: readInput(step.pipeline, fill(step.input ?? {}, scope) as JsonObject, asStored), // An object stays one.
    idempotent: idempotentUnder(step.id, request.idempotent),
    carried: before?.status === 'failed' ? (before.carried ?? {}) : {},
    onUnknown: request.onUnknown,
  };
  const id = `${journal.runId}/${name}`;
  return journal.child(name, id, child, (end) => {
    onFresh();
    return outcomeOfRun(id, end);
  });
}

function outcomeOfRun(id: string, { status, result }: ChildEnd): Outcome {
  if (status !== 'ended') return { status: 'failed', error: `Its run ${id} was ${status}` };
  const end = result as RunEnd; // What every run of ours gives.
  if (end.status === 'completed') return { status: 'done', result: end.output };
  const [first] = end.problems;
  const where = first === undefined ? '' : `: ${recordName(first.step, first.key)}: ${first.error}`;
  return end.status === 'failed'
    ? { status: 'failed', error: `Its run ${id} failed${where}` }
    : { status: 'unknown', error: `Its run ${id} needs attention${where}` };
}
