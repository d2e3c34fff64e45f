import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import type { Settings } from './own-flags.ts';

/** The headers of the command line, with the token of the variable that `--bearer-env` names; neither is ever repeated. */
export function credentialHeaders(
  { headers, bearerEnv: variable }: Pick<Settings, 'headers' | 'bearerEnv'>,
  { env }: Pick<Io, 'env'>,
): Readonly<Record<string, string>> {
  if (variable === undefined) return headers;
  const token = env[variable] ?? '';
  if (/^[\x21-\x7e]+$/.test(token)) return { Authorization: `Bearer ${token}`, ...headers };
  // Not even the name is repeated: who takes this flag for that of the token has written the token.
  const problem = token === '' ? 'is not set' : 'holds no token, or more than one word';
  throw new CliError('usage', `The variable that --bearer-env names ${problem}`, 'It wants a name: --bearer-env TOKEN');
}
