import { AbandonedStep } from '../engine.ts';
import { atMost, sleep } from '../waiting.ts';

/** The steps that this process carries out, so that they can end in order when it stops. */
export class RunningSteps {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  readonly #runs = new Map<string, Promise<unknown>>();
  #isClosing = false;

  /**
   * Records `work` by `record`. Once the engine closes nothing new begins, and what fails because of it, or is abandoned, is
   * left open: neither done nor failed, so that the run goes on from there when it is resumed.
   */
  track<Value>(
    record: (work: () => Promise<Value>) => Promise<Value>,
    work: (stopping: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const guarded = async (): Promise<Value> => {
      if (this.#isClosing) return never();
      const recorded = ending;
      this.#underWay.add(recorded);
      void recorded.finally(() => this.#underWay.delete(recorded)).catch(() => {}); // The caller has it.
      try {
        return await work(this.#stopping.signal);
      } catch (error) {
        if (!this.#stopping.signal.aborted && !(error instanceof AbandonedStep)) throw error;
        this.#underWay.delete(recorded);
        return never();
      }
    };
    const ending: Promise<Value> = record(() => Promise.resolve().then(guarded));
    return ending;
  }

  /** Passes on what a wait gives; one that fails because the engine closes is left open. */
  async hold<Value>(waiting: Promise<Value>): Promise<Value> {
    try {
      return await waiting;
    } catch (error) {
      if (!this.#isClosing) throw error;
      return never();
    }
  }

  /** Remembers that a run is carried out here. */
  begin(id: string, run: Promise<unknown>): void {
    this.#runs.set(id, run);
    const forget = (): boolean => this.#runs.delete(id);
    run.then(forget, forget);
  }

  /** Settles when the run ends here, or after `ms` milliseconds. */
  async endOfRun(id: string, ms: number, signal?: AbortSignal): Promise<void> {
    const run = this.#runs.get(id);
    // A run has ended when its result is recorded, a moment after it returns.
    await atMost(ms, run === undefined ? never() : run.then(soon, soon), signal);
  }

  /** Gives the steps under way so long to end, then stops them. */
  async close(drainMs: number): Promise<void> {
    this.#isClosing = true;
    await atMost(drainMs, Promise.allSettled(this.#underWay));
    this.#stopping.abort(new Error('The engine is closing'));
  }
}

function soon(): Promise<void> {
  return sleep(5);
}

function never(): Promise<never> {
  return new Promise(() => {});
}
