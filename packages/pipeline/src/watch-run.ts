import type { Engine, StoredRun } from './engine.ts';
import type { EventHub } from './event-hub.ts';
import type { RunEvent } from './events.ts';
import { recordName } from './run/outcome.ts';
import type { RunRequest } from './run/run-request.ts';
import { runInfo, runSteps } from './run-info.ts';
import { atMost } from './waiting.ts';

const pollEveryMs = 300;

/**
 * What happens in a run, until it ends: as it happens where this process carries it out, else what is settled, soon after it is
 * recorded. `run-started` comes first, then what was settled before.
 */
export async function* watchRun(engine: Engine, hub: EventHub, id: string): AsyncGenerator<RunEvent, void, undefined> {
  const waiting: RunEvent[] = [];
  const told = new Set<string>();
  let wake: (() => void) | undefined;
  /** This process carries the run out: it tells what is settled by itself. */
  let isHere = false;
  let isFirst = true;
  const stop = hub.listen((event) => {
    if (event.run === id ? event.type === 'run-started' : !event.run.startsWith(`${id}/`)) return;
    isHere = true;
    waiting.push(event);
    wake?.();
  });
  const watching = new AbortController();
  let isOver = false;
  const over = async (): Promise<void> => {
    await engine.ended(id, watching.signal);
    isOver = true;
    wake?.();
  };
  over().catch(() => {}); // Nobody watches any more.
  try {
    yield* begun(await engine.get(id));
    for (;;) {
      const isLast = isOver;
      if (isFirst || isLast || !isHere) waiting.unshift(...(await recorded(engine, id, told)));
      isFirst = false;
      for (const event of waiting.splice(0)) {
        if (event.type === 'settled' && told.has(nameOf(event))) continue; // Recorded while it was told.
        if (event.type === 'settled') told.add(nameOf(event));
        yield event;
      }
      if (isLast) break;
      const woken = new Promise<void>((resolve) => (wake = resolve));
      if (!isOver && waiting.length === 0) await atMost(pollEveryMs, woken);
    }
    const run = await engine.get(id);
    if (run !== undefined) yield { run: id, at: run.updatedAt, type: 'run-ended', status: runInfo(run).status };
  } finally {
    stop();
    watching.abort();
  }
}

function* begun(run: StoredRun | undefined): Generator<RunEvent, void, undefined> {
  if (run === undefined) return;
  const { pipeline } = run.request as RunRequest; // Every run of ours is started with one.
  const steps = pipeline.steps.map((step) => step.id);
  yield { run: run.id, at: run.createdAt, type: 'run-started', pipeline: pipeline.name, steps };
}

async function recorded(engine: Engine, id: string, told: ReadonlySet<string>): Promise<RunEvent[]> {
  const run = await engine.get(id);
  if (run === undefined) return [];
  return runSteps(run, await engine.steps(id)).flatMap(({ step, key, status, error, endedAt = 0 }) => {
    if (status === 'open' || told.has(`${id} ${recordName(step, key)}`)) return [];
    const about = { step, ...(key !== undefined && { key }), ...(error !== undefined && { error }) };
    return [{ run: id, at: endedAt, type: 'settled' as const, ...about, outcome: status, isReplayed: true }];
  });
}

function nameOf({ run, step, key }: { run: string; step: string; key?: string }): string {
  return `${run} ${recordName(step, key)}`;
}
