import { fileURLToPath } from 'node:url';
import { fixtureEntry, folderWith } from './run-cli.ts';

/** A configuration entry for the test server on the official SDK of this generation. */
export function realEntry(generation: 'v1' | 'v2', ...args: readonly string[]): { command: string; args: string[] } {
  const server = fileURLToPath(new URL(`../../../test/servers/${generation}-server.mjs`, import.meta.url));
  return { command: process.execPath, args: [server, ...args] };
}

/** The words after `--` that start such a server. */
export function realCommand(generation: 'v1' | 'v2', ...args: readonly string[]): string[] {
  const entry = realEntry(generation, ...args);
  return ['--', entry.command, ...entry.args];
}

/** A folder whose configuration names a server of tools alone, one of everything, and a dead one. */
export function severalServers(): string {
  const servers = { few: fixtureEntry(), full: realEntry('v1'), dead: fixtureEntry('dies') };
  return folderWith({ 'mcp.json': { mcpServers: servers } });
}

/** The words after `--` that start a server which speaks of itself. */
export const noisyCommand: readonly string[] = [
  '--',
  process.execPath,
  fileURLToPath(new URL('noisy-server.ts', import.meta.url)),
];
