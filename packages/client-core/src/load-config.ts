import { parseConfig, type ParseConfigOptions } from './config.ts';
import { ConfigError } from './errors.ts';
import type { ServerConfig } from './target.ts';

/** What fills the `${VARIABLES}` of a configuration file. */
export interface LoadConfigOptions {
  /** Default: the environment of this process. */
  env?: ParseConfigOptions['env'];
}

/**
 * Reads the servers of a configuration file, by name; a relative `cwd` and a relative `${file:path}` start from the folder
 * of the file. Rejects with a `ConfigError` that says what is wrong and where. Node only.
 */
export async function loadConfig(
  file: string,
  { env = process.env }: LoadConfigOptions = {},
): Promise<Record<string, ServerConfig>> {
  const path = process.getBuiltinModule('node:path');
  const folder = path.dirname(file);
  const configs = parseConfig(await read(file), { file, env, readFile: configFileReader(folder) });
  for (const config of Object.values(configs)) {
    if ('command' in config && config.cwd !== undefined) config.cwd = path.resolve(folder, config.cwd);
  }
  return configs;
}

/** A secret or a path is shorter; what is longer is the wrong file. */
const largestFile = 1_048_576;

/** Reads the `${file:path}` of a configuration in `folder`: whole files of at most 1 MiB. Node only. */
export function configFileReader(folder: string): (path: string) => string {
  return (path) => {
    const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
    const location = process.getBuiltinModule('node:path').resolve(folder, path);
    try {
      const status = statSync(location);
      if (status.isDirectory()) throw new Error('is a directory');
      if (!status.isFile()) throw new Error('is no file'); // A pipe or a device may never end.
      if (status.size > largestFile) throw new Error('is larger than 1 MiB');
      return readFileSync(location, 'utf8');
    } catch (error) {
      throw new Error(problemOf(error), { cause: error });
    }
  };
}

async function read(file: string): Promise<string> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${file} ${problemOf(cause)}.`, { file, path: '' }, { cause });
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'cannot be read: permission denied',
};

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be read';
  if (!('code' in error)) return error.message;
  const code = String(error.code);
  return problems[code] ?? `cannot be read (${code})`;
}
