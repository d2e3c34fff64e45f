// Random faults, real processes. `FAULTS_SEED` replays what a failure prints, `FAULTS_SECONDS` makes it last longer.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMcpError, McpClient, type ClientOptions } from '@toolwire/client-core';
import { faultProxy, type FaultProxy, type Faults } from '@toolwire/testing';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { temporaryDirectory } from '../servers/launch.ts';
import {
  calamities,
  calls,
  connectionFaults,
  outcomeOf,
  processFaults,
  type Calamity,
  type Call,
  type Outcome,
} from './chaos.ts';
import { countingServer, effectsIn, startMortalServer, type MortalServer } from './counting-server.ts';

const { FAULTS_SEED, FAULTS_SECONDS = '10' } = process.env;
const seconds = Number(FAULTS_SECONDS);
const seed = FAULTS_SEED === undefined ? {} : { seed: Number(FAULTS_SEED) };

const clientOptions: ClientOptions = {
  connectTimeoutMs: 3000,
  closeGraceMs: 100,
  circuitBreaker: { restMs: 300 },
};

/** Far less than a connection may take. */
const slackMs = 1000;

/** What holds for every call, whatever went wrong. */
function check(outcomes: readonly Outcome[], effects: ReadonlyMap<string, number>): void {
  for (const { verb, key, answer, expected, error, lateMs } of outcomes) {
    const about = `${verb} ${key}: ${answer ?? String(error)}`;
    if (error === undefined) expect(answer, about).toBe(expected);
    else expect(isMcpError(error), about).toBe(true);
    expect(lateMs, about).toBeLessThan(slackMs);
    const done = effects.get(key) ?? 0;
    expect(done, about).toBeLessThanOrEqual(1);
    if (verb === 'act' && answer !== undefined) expect(done, about).toBe(1);
    if (isMcpError(error) && error.delivered === 'no') expect(done, about).toBe(0);
  }
}

/** Makes all calls; then, when nothing is wrong any more, the client must be of use again. */
async function makeCalls(
  client: McpClient,
  made: readonly Call[],
  run: number,
  recover: () => Promise<void>,
): Promise<Outcome[]> {
  const outcomes = await Promise.all(made.map((call, index) => outcomeOf(client, call, `${run}-${index}`)));
  await recover();
  const use = async (): Promise<void> => {
    await client.connect(); // Also after a crash loop.
    expect((await client.callTool('look', { key: 'after' })).text()).toBe('saw after');
  };
  await vi.waitFor(use, { timeout: 20_000, interval: 50 }); // Each of the next processes may be a silent one.
  return outcomes;
}

const fewestRuns = 6;

/** Runs until the time is over; each run has a number. What is done late is found in the end. */
async function forRuns<Scenario>(
  scenarios: fc.Arbitrary<Scenario>,
  effectsFile: string,
  outcomesOf: (scenario: Scenario, run: number) => Promise<Outcome[]>,
): Promise<void> {
  const until = Date.now() + seconds * 1000;
  const all: Outcome[] = [];
  let runs = 0;
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    if (Date.now() > until && runs >= fewestRuns) return;
    runs += 1;
    const outcomes = await outcomesOf(scenario, runs);
    check(outcomes, effectsIn(effectsFile));
    all.push(...outcomes);
  });
  await fc.assert(property, { ...seed, numRuns: 10_000, endOnFailure: true });
  check(all, effectsIn(effectsFile));
  const answered = all.filter(({ error }) => error === undefined).length;
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThan(all.length); // Otherwise nothing went wrong.
}

async function strike({ what, afterMs, forMs }: Calamity, server: MortalServer, proxy: FaultProxy): Promise<void> {
  await sleep(afterMs);
  if (what === 'reset') {
    proxy.reset();
  } else if (what === 'refusal') {
    await proxy.down();
    await sleep(forMs);
    await proxy.up();
  } else {
    await server.kill();
    await sleep(forMs);
    await server.start();
  }
}

const timeout = (seconds + 60) * 1000;

test.concurrent.each([
  { name: 'streams, legacy era', args: ['--era', 'legacy'] },
  { name: 'JSON, legacy era', args: ['--era', 'legacy', '--json'] },
  { name: 'modern era', args: ['--era', 'modern'] },
])(
  'over HTTP, whatever fails: no act is done twice, and every call ends in time ($name)',
  { timeout },
  async ({ args }) => {
    await using folder = await temporaryDirectory({ effects: '' });
    const effects = join(folder.path, 'effects');
    await using server = await startMortalServer([...args, '--effects', effects]);
    const connections = fc.array(connectionFaults, { minLength: 1, maxLength: 20 });
    const scenarios = fc.record({ calls, connections, calamities, proxySeed: fc.nat() });
    await forRuns(scenarios, effects, async (scenario, run) => {
      let accepted = 0;
      const next = (): Faults => scenario.connections[accepted++ % scenario.connections.length] ?? {};
      await using proxy = await faultProxy(server.url, next, { seed: scenario.proxySeed });
      await using client = new McpClient(proxy.url, clientOptions);
      const struck = (async () => {
        for (const calamity of scenario.calamities) await strike(calamity, server, proxy);
      })();
      return await makeCalls(client, scenario.calls, run, async () => {
        await struck;
        proxy.set({});
      });
    });
  },
);

test.concurrent.each([{ era: 'legacy' }, { era: 'modern' }])(
  'over stdio, whatever fails: no act is done twice, and every call ends in time ($era era)',
  { timeout },
  async ({ era }) => {
    await using folder = await temporaryDirectory({ effects: '' });
    const effects = join(folder.path, 'effects');
    const server = [countingServer, '--wire', 'stdio', '--era', era, '--effects', effects];
    const pipe = fileURLToPath(new URL('faulty-pipe.mjs', import.meta.url));
    const scenarios = fc.record({ calls, lives: fc.array(processFaults, { minLength: 1, maxLength: 3 }) });
    await forRuns(scenarios, effects, async (scenario, run) => {
      const lives = join(folder.path, `lives-${run}`);
      const args = [pipe, lives, JSON.stringify(scenario.lives), ...server];
      await using client = new McpClient({ command: process.execPath, args }, clientOptions);
      return await makeCalls(client, scenario.calls, run, async () => {});
    });
  },
);
