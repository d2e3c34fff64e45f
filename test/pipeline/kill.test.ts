// Kills at random, real processes. `KILL_SEED` replays what a failure prints, `KILLS` sets how many there are.
import { setTimeout as sleep } from 'node:timers/promises';
import { definePipeline, type EngineOptions, type PipelineDefinition } from '@toolwire/pipeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../packages/testing/src/seeded-random.ts';
import { temporaryDirectory } from '../servers/launch.ts';
import { postgresPrograms, startPostgres, type Postgres } from './postgres.ts';
import { isAlive, ledgerIn, resultOf, startWorker, type Ledger } from './workers.ts';

const { KILL_SEED = String(Date.now() % 1_000_000), KILLS = '10' } = process.env;
const items = 20;

const pipeline: PipelineDefinition = definePipeline({
  name: 'issues-to-tickets',
  servers: { ledger: { trustAnnotations: true } },
  concurrency: 3,
  steps: [
    { id: 'issues', call: 'ledger.list' },
    {
      id: 'ticket',
      forEach: '${{ issues }}',
      key: '${{ item.number }}',
      call: 'ledger.create',
      args: { key: 'ticket ${{ item.number }}' },
      output: { id: '${{ result.id }}' },
      reconcile: {
        call: 'ledger.find',
        args: { key: 'ticket ${{ item.number }}' },
        found: 'result[0]',
        settle: '20ms',
      },
    },
    {
      id: 'message',
      forEach: 'ticket',
      call: 'ledger.create',
      args: { key: 'message for ${{ ticket.id }}' },
      reconcile: {
        call: 'ledger.find',
        args: { key: 'message for ${{ ticket.id }}' },
        found: 'result[0]',
        settle: '20ms',
      },
    },
  ],
});

/** Kills whoever carries out the run, again and again, until one of them brings it to its end; gives the number of kills. */
async function killUntilDone(
  engine: EngineOptions,
  id: string,
  ledger: Ledger,
  kills: number,
  random: () => number,
): Promise<number> {
  for (let killed = 0; ; killed += 1) {
    const options = { engine, servers: { ledger: ledger.server }, recover: false };
    await using worker = startWorker({ options, pipeline, start: { id } });
    if (killed >= kills) {
      expect(await resultOf(worker)).toMatchObject({ status: 'completed', problems: [] });
      await worker.ended;
      return killed;
    }
    // Calls are under way now, or all are done.
    await worker.line(({ type, step }) => type === 'result' || (type === 'call-started' && step !== 'issues'));
    const isDone = await Promise.race([
      worker.line(({ type }) => type === 'result').then(() => true),
      sleep(random() * 300).then(() => false),
    ]);
    if (isDone) return killed;
    await worker.kill();
  }
}

async function checkKills(engine: EngineOptions): Promise<void> {
  const random = seededRandom(Number(KILL_SEED));
  let left = Number(KILLS);
  for (let run = 1; left > 0; run += 1) {
    await using directory = await temporaryDirectory();
    const ledger = ledgerIn(directory.path, { items, waitMs: 30 });
    left -= await killUntilDone(engine, `run-${run}`, ledger, left, random);
    const expected = Array.from({ length: items }, (_, index) => [
      `ticket ${index + 1}`,
      `message for id of ticket ${index + 1}`,
    ]);
    const about = `KILL_SEED=${KILL_SEED}, run ${run}`;
    expect(Object.fromEntries(ledger.entries()), about).toEqual(
      Object.fromEntries(expected.flat().map((key) => [key, 1])),
    );
    await expect.poll(() => ledger.pids().filter(isAlive), { message: about }).toEqual([]);
  }
}

test('nothing is doubled or lost when the process is killed at random, embedded', { timeout: 240_000 }, async () => {
  await using directory = await temporaryDirectory();
  await checkKills({ kind: 'embedded', dir: directory.path });
});

describe.skipIf(postgresPrograms === undefined)('with PostgreSQL, where it is installed', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  test('nothing is doubled or lost when the process is killed at random', { timeout: 240_000 }, () =>
    checkKills({ kind: 'postgres', url: postgres.create('kills') }),
  );
});
