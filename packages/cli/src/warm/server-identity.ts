import type { ServerConfig } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import type { Io } from '../io.ts';
import { readVersion } from '../version.ts';
import { runtimeFolder } from './runtime-folder.ts';

/** What a command finds around it, besides what its configuration says. */
const surroundings = ['HOME', 'PATH'];

/**
 * All that makes a server the same server: its command, folder and environment, or its URL and headers; and the version
 * of `mcp`, whose processes understand each other. It holds secrets.
 */
export function serverIdentity(config: ServerConfig, { env }: Pick<Io, 'env'>): string {
  const names = 'command' in config ? [...surroundings, ...(config.inheritEnv ?? [])] : [];
  const inherited = names.map((name) => [name, env[name] ?? null]);
  return JSON.stringify([readVersion(), sorted(JSON.parse(JSON.stringify(config))), inherited]);
}

/** The socket of the keeper of such a server. Its name is short and tells nothing; the keeper knows the whole. */
export function socketOf(identity: string, { env }: Pick<Io, 'env'>): string {
  return `${runtimeFolder(env)}/${digest(identity)}.sock`;
}

/** JSON with the names of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** FNV-1a, four times 32 bits from different starts: `node:crypto` takes a tenth of a whole call to load. */
function digest(text: string): string {
  const lanes = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (let index = 0; index < text.length; index++)
    for (let lane = 0; lane < 4; lane++)
      lanes[lane] = Math.imul((lanes[lane] ?? 0) ^ (text.charCodeAt(index) + lane), 0x01000193);
  return lanes.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
