import type { ApprovalStep, SleepStep, WebhookStep } from '../definition.ts';
import { milliseconds, type Duration } from '../duration.ts';
import { fill } from '../expression/template.ts';
import { question, type Outcome, type Wait } from './outcome.ts';
import type { Run } from './run-pipeline.ts';
import type { Work } from './work.ts';

/** What `signal()` sends to a step that waits. */
export type Answer = { readonly approved: boolean; readonly comment?: string } | { readonly event: unknown };

/** Does nothing for a while. */
export async function sleepStep(run: Run, step: SleepStep, { onFresh }: Work): Promise<Outcome> {
  await run.journal.sleep(await announceWait(run, step.id, { for: 'sleep' }, milliseconds(step.sleep)));
  return run.journal.step(step.id, async () => {
    onFresh();
    return { status: 'done', result: null };
  });
}

/** Records until when a step waits, before it does; gives the milliseconds that are left. */
async function announceWait(run: Run, step: string, wait: Omit<Wait, 'until'>, ms: number): Promise<number> {
  const { until } = await run.journal.step(question + step, async (): Promise<Wait> => ({
    ...wait,
    until: Date.now() + ms,
  }));
  run.services.emit({ type: 'waiting', step, ...wait, until });
  return Math.max(until - Date.now(), 0);
}

/** Waits for `signal()`. */
export async function askStep(run: Run, step: ApprovalStep | WebhookStep, { scope, onFresh }: Work): Promise<Outcome> {
  const { journal } = run;
  const { timeout = '7d' } = step;
  const wait =
    'approval' in step
      ? ({ for: 'approval', question: String(fill(step.approval, scope)) } as const)
      : ({ for: 'webhook', question: step.webhook } as const);
  const ms = await announceWait(run, step.id, wait, milliseconds(timeout));
  // Only `signal()` sends to this topic, and it sends these.
  const answer = (await journal.receive(step.id, ms)) as Answer | null;
  return journal.step(step.id, async () => {
    onFresh();
    return outcomeOf(answer, timeout);
  });
}

function outcomeOf(answer: Answer | null, timeout: Duration): Outcome {
  if (answer === null) return { status: 'failed', error: `Nobody answered in ${timeout}` };
  if ('event' in answer) return { status: 'done', result: answer.event };
  if (answer.approved) return { status: 'done', result: answer };
  return {
    status: 'failed',
    error: ['It was refused', ...(answer.comment === undefined ? [] : [answer.comment])].join(': '),
  };
}
