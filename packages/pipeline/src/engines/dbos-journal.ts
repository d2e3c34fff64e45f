import { DBOS } from '@dbos-inc/dbos-sdk';
import { AbandonedStep, type ChildEnd, type Engine, type Journal } from '../engine.ts';
import type { RunningSteps } from './running-steps.ts';

const pollingIntervalMs = 200;

/** The record of a run in DBOS. */
export class DbosJournal implements Journal {
  readonly runId: string;
  readonly #running: RunningSteps;
  readonly #engine: Engine;
  readonly #execute: (request: unknown) => Promise<unknown>;

  constructor(runId: string, running: RunningSteps, engine: Engine, execute: (request: unknown) => Promise<unknown>) {
    this.runId = runId;
    this.#running = running;
    this.#engine = engine;
    this.#execute = execute;
  }

  step<Value>(name: string, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    return this.#running.track(
      (tracked) => DBOS.runStep(tracked, { name }),
      (stopping) => work(withCancellation(stopping)),
    );
  }

  /** A wait for a message that nobody sends: it ends early when the run is cancelled, or the engine closes. */
  async sleep(ms: number): Promise<void> {
    await this.receive('sleep', ms);
  }

  receive(topic: string, ms: number): Promise<unknown> {
    return this.#running.hold(DBOS.recv(topic, { timeoutSeconds: ms / 1000, pollingIntervalMs }));
  }

  child<Value>(name: string, id: string, request: unknown, read: (end: ChildEnd) => Value): Promise<Value> {
    const started = this.#running.hold(DBOS.startWorkflow(this.#execute, { workflowID: id })(request));
    return this.step(name, async (signal) => {
      await started;
      await this.#engine.ended(id, signal);
      const child = await this.#engine.get(id);
      const own = await this.#engine.get(this.runId);
      // A run is cancelled together with those that it started.
      if (own?.status === 'cancelled') throw new AbandonedStep('The run was cancelled');
      return read({ status: child?.status ?? 'crashed', result: child?.result });
    });
  }
}

function withCancellation(stopping: AbortSignal): AbortSignal {
  const cancelled = DBOS.stepStatus?.cancelSignal;
  return cancelled === undefined ? stopping : AbortSignal.any([stopping, cancelled]);
}
