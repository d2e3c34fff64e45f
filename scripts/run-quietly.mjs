import { spawnSync } from 'node:child_process';

/** Runs a command and shows one line with its time; its output is shown only when it fails. Returns whether it did not. */
export function runQuietly(title, command, args) {
  const startedAt = performance.now();
  process.stderr.write(`${title} …`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: Infinity,
    shell: process.platform === 'win32',
  });
  process.stderr.write(` ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  if (status === 0) return true;
  process.stderr.write(`${stdout}${stderr}\n${title} failed: ${command} ${args.join(' ')}\n`);
  return false;
}
