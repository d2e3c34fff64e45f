import { attempt, type AttemptOptions, type Message } from './attempt.ts';
import type { DropReason } from './dead-letters.ts';
import type { Gate } from './gate.ts';
import { judge, throttleMs, type AttemptResult, type ScheduleOptions } from './schedule.ts';
import type { WebhookAttempt } from './sender-types.ts';
import { createSlots } from './slots.ts';
import { tell } from './tell.ts';

/** How the attempts ended. */
export type Ending = { readonly type: 'delivered'; readonly attempts: number; readonly status: number } | Dropped;

export interface Dropped {
  readonly type: 'dropped';
  readonly reason: DropReason;
  readonly attempts: number;
  readonly status?: number | undefined;
}

export interface CourierOptions extends AttemptOptions, ScheduleOptions {
  readonly gate: Gate;
  readonly concurrency: number;
  /** Aborts the attempts that run, once nothing may take longer. */
  readonly signal: AbortSignal;
  readonly onAttempt: ((attempt: WebhookAttempt) => void) | undefined;
}

/** Tries a message as often as the schedule has it, a few messages at a time. */
export function createCourier(options: CourierOptions): (message: Message) => Promise<Ending> {
  const { gate, clock, signal, onAttempt } = options;
  const inSlot = createSlots(options.concurrency);
  return carry;

  async function carry(message: Message): Promise<Ending> {
    let dueAt = 0;
    let status: number | undefined;
    for (let attempts = 0; ;) {
      const result = (await gate.pass(dueAt)) ?? (await inSlot(() => tryOnce(message)));
      if (typeof result === 'string') return { type: 'dropped', reason: result, attempts, status };
      attempts += 1;
      status = result.status;
      const verdict = judge(result, attempts, options);
      const retryInMs = verdict.type === 'retry' ? verdict.delayMs : undefined;
      tell(onAttempt, { id: message.id, attempt: attempts, status, failure: result.failure, retryInMs });
      if (verdict.type === 'delivered') return { type: 'delivered', attempts, status: verdict.status };
      if (status === 410) gate.markGone();
      if (verdict.type === 'dropped') {
        const wasCutOff = signal.aborted && status === undefined;
        return { type: 'dropped', reason: wasCutOff ? 'closed' : verdict.reason, attempts, status };
      }
      gate.throttle(throttleMs(result));
      dueAt = clock.now() + verdict.delayMs;
    }
  }

  /** The gate may have closed while this waited for a slot. */
  async function tryOnce(message: Message): Promise<AttemptResult | DropReason> {
    return (await gate.pass()) ?? attempt(message, options, signal);
  }
}
