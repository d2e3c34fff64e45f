import { parseConfig, type ParseConfigOptions } from './config.ts';
import { ConfigError } from './errors.ts';
import type { ServerConfig } from './target.ts';

/** What fills the `${VARIABLES}` of a configuration file. */
export interface LoadConfigOptions {
  /** Default: the environment of this process. */
  env?: ParseConfigOptions['env'];
}

/**
 * Reads the servers of a configuration file, by name; a relative `cwd` starts from the folder of the file. Rejects with
 * a `ConfigError` that says what is wrong and where. Node only.
 */
export async function loadConfig(
  file: string,
  { env = process.env }: LoadConfigOptions = {},
): Promise<Record<string, ServerConfig>> {
  const path = process.getBuiltinModule('node:path');
  const configs = parseConfig(await read(file), { file, env });
  for (const config of Object.values(configs)) {
    if ('command' in config && config.cwd !== undefined) config.cwd = path.resolve(path.dirname(file), config.cwd);
  }
  return configs;
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'cannot be read: permission denied',
};

async function read(file: string): Promise<string> {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new ConfigError(`${file} ${problems[code] ?? `cannot be read (${code})`}.`, { file, path: '' }, { cause });
  }
}
