import { CliError } from '../cli-error.ts';
import { readLayer, type ConfigLayer, type ConfiguredServer } from '../config-file.ts';
import { print, type Io } from '../io.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { lineReader } from '../terminal/line-reader.ts';
import { consentFile } from './consent.ts';
import { findPlaces, shownPath } from './places.ts';
import { writeWhole } from './write-whole.ts';

/** Shows what `server` starts or sends, and asks the person at the terminal; false where nobody can be asked. */
export async function askForConsent(server: ConfiguredServer, io: Io): Promise<boolean> {
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true) return false;
  await print(io.stderr, `${describeWish(server)}\n`);
  const answer = await lineReader(io)(io.interrupted)('Allow it from now on? [y]es, [N]o: ');
  if (answer === undefined || !/^y/i.test(answer)) return false;
  try {
    await rememberConsent(server, io);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    await print(io.stderr, `mcp: ${sanitizeLine(error.message)}; it is allowed this time\n`);
  }
  return true;
}

/** What an entry of a file that was found wants, with the names of the variables that it sets, and not their values. */
export function describeWish({ name, config, layer, entry }: ConfiguredServer): string {
  const lines = [`${sanitizeLine(layer.shown)} has a server that you have not allowed yet: ${sanitizeLine(name)}`];
  if ('command' in config) {
    const { command, args = [], cwd, env = {}, inheritEnv = [] } = config;
    lines.push(`starts:       ${[command, ...args].map(quoted).join(' ')}`, `in:           ${quoted(cwd ?? '')}`);
    const variables = [...Object.keys(env), ...inheritEnv];
    if (variables.length > 0) lines.push(`variables:    ${variables.map(quoted).join(', ')}`);
  } else if ('url' in config) {
    const used = JSON.stringify(entry).match(/\$\{[^}]*\}/g) ?? [];
    lines.push(`connects to:  ${new URL(config.url).origin}`);
    if (used.length > 0) lines.push(`made of:      ${[...new Set(used)].map(quoted).join(', ')}`);
    if (config.tls?.ca !== undefined) lines.push('and trusts:   an authority that the file names');
    if (config.allowInsecureHttp === true) lines.push('and may send: credentials, unencrypted');
  }
  return lines.join('\n  ');
}

/** A word as a shell would need it; exactly what it is, since somebody decides by it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./${}-]+$/.test(word) ? word : safeJson(word, 0);
}

/** Keeps the consent for later runs, where only this user can read and change it. */
export async function rememberConsent(server: ConfiguredServer, io: Io): Promise<void> {
  const file = consentFile(server, io);
  if (file === undefined) throw new CliError('save-failed', 'There is no home folder to remember the consent in');
  const path = process.getBuiltinModule('node:path');
  const { mkdir } = process.getBuiltinModule('node:fs/promises');
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeWhole(file, `${JSON.stringify({ name: server.name, file: server.layer.file })}\n`, 0o600);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CliError('save-failed', `The consent cannot be remembered in ${shownPath(file, io)}: ${reason}`);
  }
}

/** Keeps the consent of a user who wrote servers of `layer` with a command of ours; where there is no home, nothing. */
export async function rememberOwnConsent(names: readonly string[], layer: ConfigLayer, io: Io): Promise<void> {
  if (layer.scope !== 'project' || findPlaces(io) === undefined) return;
  const servers = await readLayer(layer, io);
  for (const name of names) {
    const server = servers.get(name);
    // One whose variables are not set yet is asked about when they are.
    if (server !== undefined && !(server.config instanceof Error)) await rememberConsent(server, io);
  }
}
