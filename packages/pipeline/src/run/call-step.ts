import { isMcpError, type JsonObject } from '@toolwire/client-core';
import type { CallStep } from '../definition.ts';
import { milliseconds } from '../duration.ts';
import { AbandonedStep } from '../engine.ts';
import { isPipelineError } from '../errors.ts';
import { isTrue } from '../expression/evaluate.ts';
import { evaluateText, fill } from '../expression/template.ts';
import { makeCall, type Call } from './call.ts';
import { idempotencyKey, idempotencyMeta, withArgument } from './idempotency-key.ts';
import { beginning, type Outcome } from './outcome.ts';
import type { Run } from './run-pipeline.ts';
import { valueOf } from './value-of.ts';
import type { Work } from './work.ts';

/**
 * A call that must not happen twice is announced before it is made: an announcement without an outcome, found after a crash,
 * means that the call may have happened.
 */
export function callStep(run: Run, step: CallStep, work: Work): Promise<Outcome> {
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
