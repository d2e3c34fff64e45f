import type { Io } from '../io.ts';

/** What says where things are on this machine. */
export type Surroundings = Pick<Io, 'env' | 'cwd'> & {
  /** Default: that of this process. */
  readonly platform?: NodeJS.Platform | undefined;
};

/** The folders of the person who runs the command; absent where the environment names no home. */
export interface Places {
  readonly home: string;
  /** Where programs keep settings: `~/.config`, or `%APPDATA%`. */
  readonly config: string;
  /** Where the programs of macOS with windows do; elsewhere the same as `config`. */
  readonly applications: string;
  /** Where programs keep what they remember: `~/.local/state`, or `%LOCALAPPDATA%`. */
  readonly state: string;
}

/** Finds them as the XDG base directories, macOS and Windows have them. */
export function findPlaces({ env, platform = process.platform }: Surroundings): Places | undefined {
  const path = pathOf(platform);
  const home = homeOf(env);
  if (home === undefined) return undefined;
  // A relative folder is to be ignored: XDG Base Directory Specification, "Basics".
  const folder = (name: string, ...usual: string[]): string =>
    path.isAbsolute(env[name] ?? '') ? (env[name] ?? '') : path.join(home, ...usual);
  if (platform === 'win32') {
    const config = folder('APPDATA', 'AppData', 'Roaming');
    return { home, config, applications: config, state: folder('LOCALAPPDATA', 'AppData', 'Local') };
  }
  const config = folder('XDG_CONFIG_HOME', '.config');
  const applications = platform === 'darwin' ? path.join(home, 'Library', 'Application Support') : config;
  return { home, config, applications, state: folder('XDG_STATE_HOME', '.local', 'state') };
}

/** The home folder that the environment names. */
export function homeOf(env: Io['env']): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home === '' ? undefined : home;
}

/** The path functions of a platform. */
export function pathOf(platform: NodeJS.Platform = process.platform): typeof import('node:path') {
  const path = process.getBuiltinModule('node:path');
  return platform === 'win32' ? path.win32 : path.posix;
}

/** A path as people read it: from the working directory, or from the home folder. */
export function shownPath(file: string, { env, cwd }: Surroundings): string {
  const path = process.getBuiltinModule('node:path');
  const near = path.relative(cwd, file);
  if (!near.startsWith('..') && !path.isAbsolute(near)) return near;
  const home = homeOf(env);
  const below = home === undefined ? '..' : path.relative(home, file);
  return below.startsWith('..') || path.isAbsolute(below) ? file : path.join('~', below);
}
