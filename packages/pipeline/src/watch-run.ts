import type { Engine } from './engine.ts';
import type { EventHub } from './event-hub.ts';
import type { RunEvent } from './events.ts';
import { recordName } from './run/outcome.ts';
import { runInfo, runSteps } from './run-info.ts';
import { atMost } from './waiting.ts';

const pollEveryMs = 300;

/**
 * What happens in a run, until it ends: as it happens where this process carries it out, else what is settled, soon after it is
 * recorded. What was settled before comes first.
 */
export async function* watchRun(engine: Engine, hub: EventHub, id: string): AsyncGenerator<RunEvent, void, undefined> {
  const waiting: RunEvent[] = [];
  const told = new Set<string>();
  let wake: (() => void) | undefined;
  const stop = hub.listen((event) => {
    if (event.run !== id && !event.run.startsWith(`${id}/`)) return;
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
    for (;;) {
      const isLast = isOver;
      if (waiting.length === 0) waiting.push(...(await recorded(engine, id, told)));
      for (const event of waiting.splice(0)) {
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

async function recorded(engine: Engine, id: string, told: ReadonlySet<string>): Promise<RunEvent[]> {
  return runSteps(id, await engine.steps(id)).flatMap(({ step, key, status, error, endedAt = 0 }) => {
    if (status === 'open' || told.has(`${id} ${recordName(step, key)}`)) return [];
    const about = { step, ...(key !== undefined && { key }), ...(error !== undefined && { error }) };
    return [{ run: id, at: endedAt, type: 'settled' as const, ...about, outcome: status, isReplayed: true }];
  });
}

function nameOf({ run, step, key }: { run: string; step: string; key?: string }): string {
  return `${run} ${recordName(step, key)}`;
}
