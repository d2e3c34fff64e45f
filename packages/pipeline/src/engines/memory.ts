import type { Engine, EngineRole, EngineStatus, Journal, StoredRun, StoredRunFilter, StoredStep } from '../engine.ts';
import { atMost, sleep } from '../waiting.ts';

interface MemoryRun {
  readonly id: string;
  readonly request: unknown;
  readonly parent: string | undefined;
  readonly createdAt: number;
  readonly steps: StoredStep[];
  readonly messages: { topic: string; message: unknown; messageId: string | undefined }[];
  status: EngineStatus;
  result: unknown;
  crash: string | undefined;
  updatedAt: number;
  stop: AbortController;
  ending: Promise<void>;
  onMessage: () => void;
}

/** Runs that live and die with this process: for tests, and to try a pipeline. */
export function openMemory(as: EngineRole): Engine {
  const runs = new Map<string, MemoryRun>();
  const underWay = new Set<Promise<void>>();

  function begin(id: string, request: unknown, parent?: string): boolean {
    if (runs.has(id)) return false;
    const now = Date.now();
    const run: MemoryRun = {
      id,
      request: structuredClone(request),
      parent,
      createdAt: now,
      updatedAt: now,
      steps: [],
      messages: [],
      status: 'running',
      result: undefined,
      crash: undefined,
      stop: new AbortController(),
      ending: Promise.resolve(),
      onMessage: () => {},
    };
    runs.set(id, run);
    run.ending = carryOut(run);
    return true;
  }

  async function carryOut(run: MemoryRun): Promise<void> {
    const { stop } = run;
    const end = (status: EngineStatus): void => {
      if (run.stop === stop && run.status === 'running') Object.assign(run, { status, updatedAt: Date.now() });
    };
    try {
      run.result = await as.workflow?.(journalOf(run), structuredClone(run.request));
      end('ended');
    } catch (error) {
      if (!stop.signal.aborted) run.crash = error instanceof Error ? error.message : String(error);
      end('crashed');
    }
  }

  function journalOf(run: MemoryRun): Journal {
    const { signal } = run.stop;
    let count = 0;

    /** The record at this place, or what `work` gives, recorded there. */
    async function once<Value>(name: string, work: () => Promise<Value>, child?: string): Promise<Value> {
      const place = count++;
      const recorded = run.steps[place];
      if (recorded !== undefined) return structuredClone(recorded.value) as Value; // It was recorded by the same call.
      signal.throwIfAborted();
      const startedAt = Date.now();
      const value = await work();
      signal.throwIfAborted();
      run.steps[place] = { name, value: structuredClone(value), child, startedAt, endedAt: Date.now() };
      return value;
    }

    return {
      runId: run.id,
      step(name, work) {
        const ending = once(name, () => work(signal));
        const settled = ending.then(
          () => void underWay.delete(settled),
          () => void underWay.delete(settled),
        );
        underWay.add(settled);
        return ending;
      },
      sleep: (ms) => once('sleep', () => sleep(ms, signal)),
      receive: (topic, ms) => once('receive', () => receive(run, topic, ms)),
      child: async (name, id, request, read) => {
        const started = once('start', async () => void begin(id, request, run.id), id);
        return once(name, async () => {
          await started;
          await runs.get(id)?.ending;
          return read({ status: runs.get(id)?.status ?? 'crashed', result: runs.get(id)?.result });
        });
      },
    };
  }

  async function receive(run: MemoryRun, topic: string, ms: number): Promise<unknown> {
    const until = Date.now() + ms;
    for (;;) {
      const index = run.messages.findIndex((message) => message.topic === topic);
      if (index >= 0) return run.messages.splice(index, 1)[0]?.message;
      const left = until - Date.now();
      if (left <= 0) return null;
      const arrived = new Promise<void>((resolve) => (run.onMessage = resolve));
      await atMost(left, arrived, run.stop.signal);
    }
  }

  function family(id: string): MemoryRun[] {
    return [...runs.values()].filter((run) => run.id === id || (run.parent !== undefined && isUnder(run.parent, id)));
  }

  function isUnder(id: string, ancestor: string): boolean {
    return id === ancestor || isUnderParent(runs.get(id)?.parent, ancestor);
  }

  function isUnderParent(parent: string | undefined, ancestor: string): boolean {
    return parent !== undefined && isUnder(parent, ancestor);
  }

  return {
    start: async (id, request) => begin(id, request),
    enqueue: async (id, request) => begin(id, request),
    get: async (id) => stored(runs.get(id)),
    list: async ({ children = false, limit, createdBefore = Infinity }: StoredRunFilter = {}) =>
      [...runs.values()]
        .filter(({ parent, createdAt }) => (children || parent === undefined) && createdAt < createdBefore)
        .toReversed()
        .slice(0, limit)
        .flatMap((run) => stored(run) ?? []),
    steps: async (id) => (runs.get(id)?.steps ?? []).filter((step) => step !== undefined),
    async ended(id, signal) {
      const run = runs.get(id);
      if (run === undefined) return;
      await Promise.race([run.ending, rejection(signal)]);
    },
    async send(id, topic, message, messageId) {
      const run = runs.get(id);
      if (run === undefined || (messageId !== undefined && run.messages.some((sent) => sent.messageId === messageId)))
        return;
      run.messages.push({ topic, message, messageId });
      run.onMessage();
    },
    async cancel(id) {
      for (const run of family(id)) {
        if (run.status !== 'running') continue;
        Object.assign(run, { status: 'cancelled', updatedAt: Date.now() });
        run.stop.abort(new Error('The run was cancelled'));
      }
    },
    async resume(id) {
      for (const run of family(id)) {
        if (run.status !== 'cancelled') continue;
        Object.assign(run, { status: 'running', stop: new AbortController() });
        run.ending = carryOut(run);
      }
    },
    async delete(ids) {
      for (const run of ids.flatMap(family)) runs.delete(run.id);
    },
    async close(drainMs) {
      await atMost(drainMs, Promise.all(underWay));
      const open = [...runs.values()].filter(({ status }) => status === 'running');
      for (const { stop } of open) stop.abort(new Error('The engine is closing'));
      await Promise.all(open.map(({ ending }) => ending));
    },
  };
}

function stored(run: MemoryRun | undefined): StoredRun | undefined {
  if (run === undefined) return undefined;
  const { id, status, request, result, crash, parent, createdAt, updatedAt } = run;
  return { id, status, request, result, crash, parent, createdAt, updatedAt };
}

function rejection(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); // As given to `abort()`.
  });
}
