import type { Tool } from '@toolwire/client-core';
import { isObject, propertiesOf } from '../arguments/schema.ts';
import type { Io } from '../io.ts';
import type { ServerTarget } from '../targets.ts';

/** What completion needs to know of a tool. */
export interface KnownTool {
  readonly name: string;
  readonly flags: readonly string[];
}

/**
 * Keeps the names of a server's tools and of their arguments, so that a shell can complete them without starting
 * anything. A cache: nothing is lost, and nothing told, when it cannot be written.
 */
export async function rememberTools(target: ServerTarget, tools: readonly Tool[], { env }: Io): Promise<void> {
  const file = fileOf(target, env);
  if (file === undefined) return;
  const { mkdir, rename, writeFile } = process.getBuiltinModule('node:fs/promises');
  const known = tools.map(({ name, inputSchema }): KnownTool => {
    return { name, flags: [...propertiesOf(inputSchema, inputSchema).keys()] };
  });
  try {
    await mkdir(process.getBuiltinModule('node:path').dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(known), { mode: 0o600 });
    await rename(`${file}.${process.pid}`, file); // Nobody reads half of it.
  } catch {
    // See above.
  }
}

/** The tools that a server had when they were listed last; none when they never were. */
export async function knownTools(target: ServerTarget, env: Io['env']): Promise<readonly KnownTool[]> {
  const file = fileOf(target, env);
  if (file === undefined) return [];
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  try {
    const known: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(known) ? known.filter(isKnownTool) : [];
  } catch {
    return [];
  }
}

/** One file for each way to start or reach a server. Its name is a hash: of what is secret nothing can be read. */
function fileOf({ config }: ServerTarget, env: Io['env']): string | undefined {
  const path = process.getBuiltinModule('node:path');
  const home = env['HOME'] ?? env['USERPROFILE'];
  const cache = env['XDG_CACHE_HOME'] ?? (home === undefined ? undefined : path.join(home, '.cache'));
  if (cache === undefined || config instanceof Error) return undefined;
  const identity = 'url' in config ? [String(config.url)] : [config.command, config.args ?? [], config.cwd];
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256').update(JSON.stringify(identity));
  return path.join(cache, 'mcp', `tools-${hash.digest('hex').slice(0, 32)}.json`);
}

function isKnownTool(value: unknown): value is KnownTool {
  if (!isObject(value) || typeof value['name'] !== 'string') return false;
  return Array.isArray(value['flags']) && value['flags'].every((flag) => typeof flag === 'string');
}
