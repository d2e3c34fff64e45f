// The kill test: examples/github-jira-slack, with the servers that others have published, is killed at random points until
// it has come to its end. `node test/pipeline/kill-story.mjs [SEED]`: 0 tickets and messages lost, 0 doubled, no process left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { environmentFor } from '../../examples/github-jira-slack/environment.ts';
import { startFakeApis } from '../../examples/github-jira-slack/fake-apis.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';

const issues = 8;
const mostKillsOfRun = 5;
const runsOfEngine = 3;
const story = resolve('examples/github-jira-slack');

const seed = Number(process.argv[2] ?? 20261121);
console.log(`Seed ${seed}`);
const random = mulberry32(seed);

const postgres = postgresPrograms === undefined ? undefined : await startPostgres();
const engines = {
  embedded: () => mkdtempSync(join(tmpdir(), 'toolwire-kill-')),
  ...(postgres !== undefined && { PostgreSQL: (run) => postgres.create(`kill_${run}`) }),
};
if (postgres === undefined) console.log('PostgreSQL is not installed: only the embedded engine is killed');

let allKills = 0;
try {
  for (const [name, placeOf] of Object.entries(engines)) {
    for (let run = 1; run <= runsOfEngine; run += 1) allKills += await killedRun(name, placeOf(run));
  }
} finally {
  await postgres?.[Symbol.asyncDispose]();
}
console.log(`${allKills} kills, and every ticket and message is there once`);
if (postgres !== undefined && allKills < 20) throw new Error('fewer than 20 kills came in time: they prove too little');

async function killedRun(name, place) {
  const apis = await startFakeApis(issues, 40);
  const effects = () => apis.tickets.length + apis.messages.length;
  let kills = 0;
  try {
    for (let attempt = 1; attempt <= mostKillsOfRun; attempt += 1) {
      // Where there is still something to lose: some effects from now, and somewhat later; or soon after the start.
      const child = start(place, apis);
      const ended = once(child, 'exit');
      const target = effects() + Math.floor((random() * issues) / 2);
      const until = Date.now() + 20_000;
      while (effects() <= target && child.exitCode === null && Date.now() < until) await wait(2);
      await wait(random() * 60);
      child.kill('SIGKILL');
      const [, signal] = await ended;
      if (signal === 'SIGKILL') kills += 1; // Else it had come to its end.
    }
    const child = start(place, apis);
    const [code] = await once(child, 'exit');
    const tickets = apis.tickets.flatMap(({ labels }) => labels);
    const found = { code, tickets: count(tickets), messages: count(apis.messages), left: await processesOf(apis.url) };
    console.log(`${name}: ${kills} kills; ${JSON.stringify(found)}`);
    const whole = { lost: 0, doubled: 0 };
    const expected = { code: 0, tickets: whole, messages: whole, left: 0 };
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new Error(`not as expected: ${JSON.stringify(expected)}`);
    return kills;
  } finally {
    await apis.close();
    if (!place.includes('://')) rmSync(place, { recursive: true, force: true });
  }
}

function count(made) {
  const different = new Set(made).size;
  return { lost: issues - different, doubled: made.length - different };
}

function start(place, apis) {
  const options = { cwd: story, env: environmentFor(apis), stdio: ['ignore', 'ignore', 'pipe'] };
  const child = spawn(process.execPath, ['run.ts', place], options);
  child.stderr.on('data', (chunk) => process.stderr.write(chunk));
  return child;
}

/** How many processes still have the address of these APIs in their environment, after a while to end. */
async function processesOf(url) {
  for (let tries = 0; ; tries += 1) {
    const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(url));
    if (left.length === 0 || tries === 50) return left.length;
    await wait(100);
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
