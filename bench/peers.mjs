import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('peers/', import.meta.url));

/** Installs the other commands that are measured, as bench/peers pins them; half a minute, once. */
export function installPeers() {
  if (existsSync(join(folder, 'node_modules'))) return;
  console.log('  (installs mcporter, mcpc and Inspector into bench/peers)');
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], { cwd: folder, stdio: 'inherit' });
}

/** The file that runs a peer's command. */
export function peer(command) {
  return join(folder, 'node_modules', '.bin', command);
}

/** Runs `use` with an environment whose home is an empty folder, where the peers keep what they keep. */
export async function withHome(use) {
  const home = mkdtempSync(join(tmpdir(), 'toolwire-bench-'));
  const places = ['HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'];
  try {
    return await use({ ...process.env, ...Object.fromEntries(places.map((name) => [name, home])) });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
