import type { ClientOptions, ServerConfig } from '@toolwire/client-core';
import { readVersion } from './version.ts';

const connectMs = 15_000;
/** Package runners may have to fetch the server first. */
const runnerConnectMs = 30_000;
const runners = /^(npx|bunx|pnpx|uvx|pipx)(\.cmd|\.exe)?$/;
/** Ending a server takes at most two of these: SIGTERM after the first, SIGKILL after the second. */
const closeGraceMs = 200;

/** How the command connects to a server, whichever of its processes does so. */
export function connectionOptions(config: ServerConfig, timeoutMs: number | undefined): ClientOptions {
  const isRunner = 'command' in config && runners.test(config.command);
  return {
    clientInfo: { name: 'mcp', version: readVersion() },
    connectTimeoutMs: timeoutMs ?? (isRunner ? runnerConnectMs : connectMs),
    attempts: 1, // Somebody waits at the prompt, and can see what is wrong.
    closeGraceMs,
  };
}
