import { isMcpError, type JsonObject } from '@toolwire/client-core';
import type { ApprovalStep, CallStep, Step, SubPipelineStep, WebhookStep } from '../definition.ts';
import { milliseconds, type Duration } from '../duration.ts';
import { AbandonedStep, type ChildEnd } from '../engine.ts';
import { isPipelineError } from '../errors.ts';
import type { Scope } from '../expression/evaluate.ts';
import { evaluateText, fill } from '../expression/template.ts';
import { isTrue } from '../expression/evaluate.ts';
import { makeCall, type Call } from './call.ts';
import { idempotencyKey, idempotencyMeta, withArgument } from './idempotency-key.ts';
import { beginning, question, recordName, type Outcome, type RunEnd, type Wait } from './outcome.ts';
import type { Place } from './places.ts';
import { readInput } from './read-input.ts';
import type { Run } from './run-pipeline.ts';
import { idempotentUnder, type RunRequest } from './run-request.ts';
import { valueOf } from './value-of.ts';

/** A step at a place. */
interface Work {
  readonly place: Place;
  readonly scope: Scope;
  /** Under which the outcome is recorded. */
  readonly name: string;
  /** Told when this process does the work, rather than reads what another has recorded. */
  readonly onFresh: () => void;
}

/** Does a step, or finds in the record what it came to. Takes its operations of the journal before it first waits. */
export function carryOut(run: Run, step: Step, work: Work): Promise<Outcome> {
  if ('call' in step) return call(run, step, work);
  if ('sleep' in step) return pause(run, step.id, milliseconds(step.sleep), work);
  if ('pipeline' in step) return subPipeline(run, step, work);
  return ask(run, step, work);
}

/**
 * A call that must not happen twice is announced before it is made: an announcement without an outcome, found after a crash,
 * means that the call may have happened.
 */
function call(run: Run, step: CallStep, work: Work): Promise<Outcome> {
  const { journal, request, services } = run;
  const isIdempotent = request.idempotent[step.id] === true;
  const before = Object.hasOwn(request.carried, work.name) ? request.carried[work.name] : undefined;
  const wasOpen = before?.status === 'unknown' || (before?.status === 'failed' && before.mayHaveHappened === true);
  const slots = services.servers.slots(services.servers.find(step.call).server);
  let isAnnouncedHere = false;
  const announced = isIdempotent
    ? undefined
    : journal.step(beginning + work.name, async (signal) => {
        await slots.acquire(); // What waits for its turn is not announced yet.
        isAnnouncedHere = true;
        if (signal.aborted) throw new AbandonedStep('The call was given up');
        return null;
      });
  const made = journal.step(work.name, async (signal) => {
    await announced?.catch(() => {
      if (isAnnouncedHere) slots.release();
      throw new AbandonedStep('The call could not be announced');
    });
    if (!isAnnouncedHere) await slots.acquire();
    work.onFresh();
    const isInterrupted = !isIdempotent && !isAnnouncedHere;
    const mayHaveHappened = isInterrupted || (wasOpen && request.onUnknown !== 'again');
    return prepareAndMake(run, step, work, { isIdempotent, mayHaveHappened, signal }).finally(() => slots.release());
  });
  made.catch(() => {}); // Where the announcement fails, so does this.
  return Promise.resolve(announced).then(() => made);
}

async function prepareAndMake(
  run: Run,
  step: CallStep,
  work: Work,
  { isIdempotent, mayHaveHappened, signal }: { isIdempotent: boolean; mayHaveHappened: boolean; signal: AbortSignal },
): Promise<Outcome> {
  try {
    return await makeCall(prepare(run, step, work, isIdempotent), mayHaveHappened, signal);
  } catch (error) {
    if (!isPipelineError(error) && !isMcpError(error)) throw error;
    // Nothing was sent: an argument is not there, or the server cannot be opened.
    return { status: mayHaveHappened ? 'unknown' : 'failed', error: run.services.stored.error(error) };
  }
}

function prepare(run: Run, step: CallStep, work: Work, isIdempotent: boolean): Call {
  const { journal, services } = run;
  const { servers, stored, env, emit } = services;
  const { place, scope } = work;
  const about = { step: step.id, ...(place.key !== undefined && { key: place.key }) };
  const key = idempotencyKey(journal.runId, work.name);
  const { server, tool } = servers.find(step.call);
  const caller = servers.caller(server);
  const filled = fill(step.args ?? {}, { ...scope, env }) as JsonObject; // An object stays one.
  const args = step.idempotencyKey === undefined ? filled : withArgument(filled, step.idempotencyKey, key);
  const { attempts = 3, delay = '1s', onToolError = [] } = step.retries ?? {};
  const keep = (result: unknown): unknown =>
    stored.value(step.output === undefined ? result : fill(step.output, { ...scope, result }));
  return {
    send: (options) => caller.callTool(tool, args, options),
    lookUp: lookUpOf(run, step, work),
    settleMs: milliseconds(step.reconcile?.settle ?? '2s'),
    keep: (result) => keep(valueOf(result)),
    isIdempotent,
    timeoutMs: milliseconds(step.timeout ?? '60s'),
    meta: { [idempotencyMeta]: key },
    attempts,
    delayMs: milliseconds(delay),
    passing: onToolError,
    stored,
    onAttempt: (attempt) => emit({ type: 'call-started', ...about, attempt }),
    onRetry: (attempt, { waitMs, error }) => emit({ type: 'call-retried', ...about, attempt, waitMs, error }),
    onLookUp: () => emit({ type: 'reconciling', ...about }),
  };
}

function lookUpOf(run: Run, { reconcile }: CallStep, { scope }: Work): Call['lookUp'] {
  if (reconcile === undefined) return undefined;
  const { servers, env, stored } = run.services;
  const { server, tool } = servers.find(reconcile.call);
  const caller = servers.caller(server);
  const args = fill(reconcile.args ?? {}, { ...scope, env }) as JsonObject; // An object stays one.
  return async (options) => {
    const answer = await caller.callTool(tool, args, options);
    if (answer.isError) throw new Error(answer.text());
    const result = valueOf(answer);
    const found = evaluateText(reconcile.found, { ...scope, result });
    if (!isTrue(found)) return undefined;
    const as = reconcile.as === undefined ? found : fill(reconcile.as, { ...scope, result, found });
    return { result: stored.value(as) };
  };
}

async function pause(run: Run, step: string, ms: number, work: Work): Promise<Outcome> {
  await run.journal.sleep(await announceWait(run, step, { for: 'sleep' }, ms));
  return run.journal.step(step, async () => {
    work.onFresh();
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

/** What `signal()` sends to a step that waits. */
export type Answer = { readonly approved: boolean; readonly comment?: string } | { readonly event: unknown };

async function ask(run: Run, step: ApprovalStep | WebhookStep, { scope, onFresh }: Work): Promise<Outcome> {
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

function subPipeline(run: Run, step: SubPipelineStep, { scope, name, onFresh }: Work): Promise<Outcome> {
  const { journal, request, services } = run;
  const before = Object.hasOwn(request.carried, name) ? request.carried[name] : undefined;
  const child: RunRequest = {
    pipeline: step.pipeline,
    input: readInput(step.pipeline, fill(step.input ?? {}, scope) as JsonObject, services.stored), // An object stays one.
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
