import { CliError } from '../cli-error.ts';
import { ownLayers, readOwnServers, type ConfiguredServer, type ConfiguredServers } from '../config-file.ts';
import { print, type Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { suggest } from '../suggest.ts';

const example = `Add one:  mcp servers add NAME URL, or mcp servers add NAME -- COMMAND ARG…
Or name a file with --config, or try the built-in demonstration: mcp tools list -s demo`;

/** Every server of our files, which is what a command without names means. What other programs have is never started so. */
export async function findEveryServer(file: string | undefined, io: Io): Promise<readonly ConfiguredServer[]> {
  const layers = ownLayers(file, io);
  if (layers.length === 0) throw new CliError('config-missing', 'No server is configured here', example);
  const servers = await readOwnServers(file, io);
  if (servers.size > 0) return [...servers.values()];
  const files = layers.map(({ shown }) => shown).join(' and ');
  throw new CliError('config-missing', `${files} names no server`, 'Add one under "mcpServers"');
}

/** The server of that name: of our files, or else of the files of other programs. */
export async function findServer(name: string, file: string | undefined, io: Io): Promise<ConfiguredServer> {
  const own = await readOwnServers(file, io);
  const found = own.get(name);
  if (found !== undefined) return found;
  const foreign = file === undefined ? await readForeignServers(io) : new Map<string, never>();
  const other = foreign.get(name);
  if (other !== undefined) return other;
  const known = [...new Set([...own.keys(), ...foreign.keys()])];
  if (known.length === 0 && file === undefined)
    throw new CliError('config-missing', `No server is called "${name}": none is configured here`, example);
  const close = suggest(name, known);
  const hint = `${close === undefined ? '' : `Did you mean "${close}"? `}Configured: ${known.join(', ') || 'none'}`;
  throw new CliError('unknown-server', `No server is called "${name}"`, hint);
}

/** The servers of other programs; a file that cannot be read is told, and hides no other. */
async function readForeignServers(io: Io): Promise<ConfiguredServers> {
  const { readEditors } = await import('./read-editors.ts');
  const { servers, problems } = await readEditors(io);
  for (const problem of problems) await print(io.stderr, `mcp: left out: ${sanitizeLine(problem.message)}\n`);
  return servers;
}
