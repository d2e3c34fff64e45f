import type { Step } from '../definition.ts';
import { callStep } from './call-step.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run-pipeline.ts';
import { subPipelineStep } from './sub-pipeline-step.ts';
import { askStep, sleepStep } from './wait-step.ts';
import type { Work } from './work.ts';

/**
 * Does a step, or finds in the record what it came to. What can have `forEach` takes its operations of the journal before it first
 * waits: items side by side would take them in any order.
 */
export function carryOut(run: Run, step: Step, work: Work): Promise<Outcome> {
  if ('call' in step) return callStep(run, step, work);
  if ('pipeline' in step) return subPipelineStep(run, step, work);
  if ('sleep' in step) return sleepStep(run, step, work);
  return askStep(run, step, work);
}
