// Makes a clone ready to use: installs what package-lock.json names, then builds; does neither when it is already done.
// It runs before anything is installed, so it uses only what Node 20.19 has built in.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildIfChanged } from './build-if-changed.mjs';
import { runQuietly } from './run-quietly.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const isReady =
  (isInstalled() || runQuietly('Installing dependencies', 'npm', ['ci', '--loglevel=error'])) && buildIfChanged();
process.exitCode = isReady ? 0 : 1;

/** Whether node_modules holds every package of the lock file: npm writes down there what it has installed. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  );
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return {};
  }
}
