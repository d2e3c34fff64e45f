// 200 clients lose their server at the same moment: they must come back, and not all at once. `npm run storm`, or
// `npm run storm -- --short` with a short outage.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@toolwire/client-core';
import { numbersIn, startCountingServer } from './counting-server.mjs';

const isShort = process.argv.includes('--short');
const clientCount = 200;
const downMs = isShort ? 2500 : 8000;
/** Each wait is at most 30 s. */
const backWithinMs = downMs + 40_000;
const windowMs = 100;
/** Most of all connections that may come in one window; without jitter it is 20 to 60 %. */
const mostInWindow = 0.15;

const folder = mkdtempSync(join(tmpdir(), 'toolwire-storm-'));
let isBroken = false;
for (const era of ['legacy', 'modern']) await storm(era);
rmSync(folder, { recursive: true });
process.exitCode = isBroken ? 1 : 0;

async function storm(era) {
  const arrivals = join(folder, era);
  writeFileSync(arrivals, '');
  const args = ['--era', era, '--arrivals', arrivals];
  const first = await startCountingServer(args);
  const clients = [];
  for (let index = 0; index < clientCount; index++) clients.push(await openClient(first.url));
  await first.kill();
  await sleep(downMs);
  writeFileSync(arrivals, '');
  const second = await startCountingServer(args, first.port);
  const startedAt = Date.now();
  while (clients.some(({ isBack }) => !isBack()) && Date.now() < startedAt + backWithinMs) await sleep(100);
  const missing = clients.filter(({ isBack }) => !isBack()).length;
  report(era, numbersIn(arrivals), missing);
  await Promise.all(clients.map(({ close }) => close()));
  await second.kill();
}

/** A client that listens to what the server says by itself; it is back when it says `resync`. */
async function openClient(url) {
  const client = await connect(url);
  await client.subscribe('echo://any');
  let isBack = false;
  void (async () => {
    for await (const { type } of client.status()) isBack ||= type === 'resync';
  })();
  return { isBack: () => isBack, close: () => client.close() };
}

function report(era, times, missing) {
  const windows = countsIn(times, windowMs);
  const peak = Math.max(...windows) / times.length;
  console.log(`\n${era} era: ${clientCount} clients, down for ${downMs} ms; connections per second after its return`);
  for (const [second, count] of countsIn(times, 1000).entries()) {
    console.log(`  ${String(second).padStart(3)} s  ${String(count).padStart(4)}  ${'█'.repeat(Math.ceil(count / 4))}`);
  }
  tell(missing === 0, `${clientCount - missing} of ${clientCount} clients are back`);
  const share = `at most ${percent(peak)} of all connections come in the same ${windowMs} ms`;
  tell(peak <= mostInWindow, `${share} (goal: at most ${percent(mostInWindow)})`);
}

/** How many times fall in each window from the first time on. */
function countsIn(times, widthMs) {
  const places = times.map((time) => Math.floor((time - Math.min(...times)) / widthMs));
  const counts = Array.from({ length: Math.max(...places) + 1 }, () => 0);
  for (const place of places) counts[place]++;
  return counts;
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function tell(isKept, what) {
  console.log(`  ${isKept ? '✓' : '✗'} ${what}`);
  if (!isKept) isBroken = true;
}
