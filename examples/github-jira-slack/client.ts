import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFor } from './environment.ts';
import { startFakeApis } from './fake-apis.ts';

const issues = 5;
const apis = await startFakeApis(issues, 30);
const place = await mkdtemp(join(tmpdir(), 'toolwire-pipeline-'));
const env = environmentFor(apis);

try {
  const first = start();
  while (apis.tickets.length < 2) await new Promise((tick) => setTimeout(tick, 5));
  first.kill('SIGKILL'); // Some answer is on its way, and nobody is left to hear it.
  await once(first, 'exit');
  console.log(`Killed after ${apis.tickets.length} tickets and ${apis.messages.length} messages`);

  const [code] = await once(start(), 'exit');
  assert.equal(code, 0);
  const labels = apis.tickets.flatMap((ticket) => ticket.labels);
  console.log(`${labels.length} tickets, ${apis.messages.length} messages for ${issues} issues`);
  assert.equal(new Set(labels).size, issues, 'a ticket is missing');
  assert.equal(labels.length, issues, 'a ticket was made twice');
  assert.equal(new Set(apis.messages).size, issues, 'a message is missing');
  assert.equal(apis.messages.length, issues, 'a message was sent twice');
} finally {
  await apis.close();
  await rm(place, { recursive: true, force: true });
}

function start(): ChildProcess {
  return spawn(process.execPath, ['run.ts', place], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}
