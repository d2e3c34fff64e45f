import { spawnSync } from 'node:child_process';

/** Installs packages of Debian's. Gives back why it cannot, or undefined when they are there. */
export function aptGet(packages) {
  if (process.getuid?.() !== 0) return `only root may install ${packages.join(', ')}`;
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, error, stderr } = spawnSync('apt-get', args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) return `apt-get ${args[0]} failed: ${(error?.message ?? stderr).trim()}`;
  }
  return undefined;
}
