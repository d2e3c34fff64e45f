import type { StdioServerConfig } from '@toolwire/client-core';
import { CliError } from './cli-error.ts';

/** The built-in demonstration server, as a child process; found only when it is asked for. */
export function demoServer(): StdioServerConfig {
  const { existsSync } = process.getBuiltinModule('node:fs');
  const { fileURLToPath } = process.getBuiltinModule('node:url');
  const main = resolveDemo();
  if (main === undefined || !existsSync(fileURLToPath(main))) {
    throw new CliError(
      'demo-missing',
      'The demonstration server is not installed',
      'Install it with: npm install @toolwire/demo-server',
    );
  }
  return { command: process.execPath, args: [fileURLToPath(main)] };
}

function resolveDemo(): string | undefined {
  try {
    return import.meta.resolve('@toolwire/demo-server/main');
  } catch {
    return undefined;
  }
}
