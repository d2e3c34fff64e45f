import type { Io } from '../io.ts';

/** The folder of what `mcp auth login` has brought; none where the environment names no home. */
export function loginFolder(env: Io['env']): string | undefined {
  const home = env['XDG_CONFIG_HOME'] || env['APPDATA'] || inHome(env['HOME'] ?? env['USERPROFILE']);
  return home === undefined ? undefined : `${home}/mcp/tokens`;
}

function inHome(home: string | undefined): string | undefined {
  return home === undefined ? undefined : `${home}/.config`;
}
