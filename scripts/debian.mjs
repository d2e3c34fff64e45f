// Installs what some tests use of Debian's: shells that complete words, a keyring, PostgreSQL. Where that cannot be,
// those tests are skipped.
import { existsSync } from 'node:fs';
import { aptGet } from './apt-get.mjs';

/** Each package, and a file that it brings. */
const wanted = {
  zsh: '/usr/bin/zsh',
  fish: '/usr/bin/fish',
  dbus: '/usr/bin/dbus-run-session',
  'gnome-keyring': '/usr/bin/gnome-keyring-daemon',
  postgresql: '/usr/lib/postgresql',
};

const missing = Object.keys(wanted).filter((name) => !existsSync(wanted[name]));
const problem = missing.length === 0 ? undefined : aptGet(missing);
console.log(problem === undefined ? `There: ${Object.keys(wanted).join(', ')}` : `Tests are skipped: ${problem}`);
