import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles the command as it is published, beside what the last build left, in a folder of `temp`, and returns the path of its entry. */
export function bundleCommand(name: string = 'bundle'): string {
  const tsup = dirname(createRequire(import.meta.url).resolve('tsup/package.json'));
  const folder = join(root, 'temp', name);
  execFileSync(process.execPath, [join(tsup, 'dist', 'cli-default.js'), '--silent', '--out-dir', folder], {
    cwd: root,
  });
  return join(folder, 'main.js');
}
