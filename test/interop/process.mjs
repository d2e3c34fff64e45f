import { spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set();
process.once('exit', () => {
  for (const child of running) killGroup(child);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Starts a server and waits until what it prints matches `ready`; `close` ends it and its descendants. */
export async function startProcess(command, args, { ready, env = {}, cwd, stdin = 'ignore', patienceMs = 120_000 }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin, 'pipe', 'pipe'],
    detached: true, // A group of its own, so that its descendants end with it.
  });
  running.add(child);
  const exited = once(child, 'exit');
  const close = async () => {
    killGroup(child);
    await exited;
    running.delete(child);
  };
  let output = '';
  const match = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${command} is not ready in ${patienceMs} ms:\n${output}`)),
      patienceMs,
    );
    const read = (chunk) => {
      if (output.length < 200_000) output += chunk;
      const found = ready.exec(output);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    void exited.then(([code]) => reject(new Error(`${command} exited with ${code}:\n${output}`)));
  }).catch(async (error) => {
    await close();
    throw error;
  });
  return { match, close };
}

function killGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}
