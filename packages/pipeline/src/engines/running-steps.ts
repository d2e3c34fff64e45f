import { AbandonedStep } from '../engine.ts';
import { atMost, sleep } from '../waiting.ts';

const lookElsewhereMs = 200;
const lookHereMs = 2000;

/** The steps that this process carries out, so that they can end in order when it stops. */
export class RunningSteps {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  readonly #runs = new Map<string, { left: Promise<void>; leave: () => void }>();
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
    let resolve: (() => void) | undefined;
    const left = new Promise<void>((settle) => (resolve = settle));
    const leave = (): void => resolve?.();
    run.then(leave, leave);
    const entry = { left, leave };
    this.#runs.set(id, entry);
    void left.then(() => this.#runs.get(id) === entry && this.#runs.delete(id)); // It cannot reject.
  }

  /** Wakes those who wait for the end of a run: it will not come from here. */
  leave(id: string): void {
    this.#runs.get(id)?.leave();
  }

  /** Settles when it is worth looking whether a run has ended. */
  async endOfRun(id: string, signal?: AbortSignal): Promise<void> {
    const run = this.#runs.get(id);
    if (run === undefined) return atMost(lookElsewhereMs, never(), signal);
    // It has ended when its result is recorded, a moment after it returns; or somewhere else it was cancelled.
    await atMost(lookHereMs, run.left.then(soon), signal);
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
