import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where everything is installed; git does not see it. */
const root = fileURLToPath(new URL('../../temp/interop/', import.meta.url));

export function folderOf(name) {
  return join(root, name);
}

/** Installs npm packages into a folder of their own, once. */
export function installFromNpm(name, ...packages) {
  return once(name, packages, async (folder) => {
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...packages], { cwd: folder });
  });
}

/** Installs Python packages into a virtual environment of their own, once. */
export function installFromPyPI(name, python, ...packages) {
  return once(name, packages, async (folder) => {
    await run(python, ['-m', 'venv', folder]);
    await run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  });
}

/** A folder that was left half-filled, or filled with other versions, is filled anew. */
async function once(name, packages, fill) {
  const folder = folderOf(name);
  const stamp = join(folder, `installed-${packages.join('-').replaceAll(/[^\w.]+/g, '-')}`);
  if (existsSync(stamp)) return;
  console.log(`…     installs ${packages.join(', ')}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill(folder);
  await writeFile(stamp, '');
}
