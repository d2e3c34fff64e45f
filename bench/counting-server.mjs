import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../test/faults/counting-server.mjs', import.meta.url));

/** Starts the server that notes what it does in files, over HTTP; with a port, where the one before it was. */
export async function startCountingServer(args, port = 0) {
  const child = spawn(process.execPath, [program, '--port', String(port), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface(child.stdout), 'line');
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url, port: Number(new URL(url).port), kill };
}

/** The lines of a file as numbers. */
export function numbersIn(file) {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
}
