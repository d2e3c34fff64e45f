// Stands between a client and a stdio server, and breaks what passes: `node faulty-pipe.mjs LIVES PLAN ARGUMENT...`.
// LIVES is a file with one byte for each process of this kind so far, PLAN a list of what goes wrong in each; later ones
// are sound. The arguments are those of a Node program, the server.
import { spawn } from 'node:child_process';
import { appendFileSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const [lives, plan, ...args] = process.argv.slice(2);
appendFileSync(lives, '.');
const fault = JSON.parse(plan)[statSync(lives).size - 1] ?? {};
const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });

/** Passes bytes on until this many have passed; then both processes die, or it is silent from then on. */
async function pump(from, to, { sliceBytes = Infinity, dieAfterBytes = Infinity, silentAfterBytes = Infinity, noise }) {
  const last = Math.min(dieAfterBytes, silentAfterBytes);
  let passed = 0;
  for await (const chunk of from) {
    for (let start = 0; start < chunk.length; start += sliceBytes) {
      const slice = chunk.subarray(start, Math.min(chunk.length, start + sliceBytes)).subarray(0, last - passed);
      passed += slice.length;
      if (slice.length > 0) await new Promise((resolve) => to.write(slice, resolve));
      if (passed >= dieAfterBytes) die();
      if (passed >= silentAfterBytes) return;
      await nextTurn();
    }
    if (noise !== undefined && chunk.at(-1) === newline) to.write(noise);
  }
  to.end();
}

const newline = 0x0a;

function die() {
  server.kill('SIGKILL');
  process.kill(process.pid, 'SIGKILL');
}

server.on('exit', () => process.exit());
for (const stream of [server.stdin, process.stdout]) stream.on('error', () => {}); // Its reader is gone.
void pump(process.stdin, server.stdin, fault.requests ?? {});
void pump(server.stdout, process.stdout, fault.answers ?? {});
