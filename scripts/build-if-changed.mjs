import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';

const stamp = 'node_modules/.toolwire-build';
const rootInputs = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json'];

/** Builds the packages when a source is not what was built last; false when that fails. */
export function buildIfChanged() {
  const packages = readdirSync('packages').map((name) => join('packages', name));
  const fingerprint = fingerprintOf([...rootInputs, ...packages.flatMap(inputsOf)]);
  const isBuilt = packages.every((folder) => existsSync(join(folder, 'dist')));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return true;

  if (!runQuietly('Building', 'npm', ['run', '--silent', 'build'])) return false;
  writeFileSync(stamp, fingerprint);
  return true;
}

function inputsOf(folder) {
  const sources = filesIn(join(folder, 'src'), { recursive: true }).filter((file) => !file.endsWith('.test.ts'));
  return [...filesIn(folder), ...sources];
}

function filesIn(folder, options) {
  return readdirSync(folder, { ...options, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function fingerprintOf(files) {
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
