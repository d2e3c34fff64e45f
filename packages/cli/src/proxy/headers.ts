import { CliError } from '../cli-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the headers for the server come from. */
export interface HeaderSources {
  /** `Name: value` or `Name:value`, as written on the command line. */
  readonly headers: readonly string[];
  /** The text of a file with one header a line; empty lines and lines that begin with `#` mean nothing. */
  readonly file: string | undefined;
  /** The name of a variable that holds a bearer token. */
  readonly bearerVariable: string | undefined;
}

/** The headers that go to the server: those of the file, then the token, then those of the command line, the last one winning. */
export function readHeaders(
  { headers, file, bearerVariable }: HeaderSources,
  env: Environment,
): Record<string, string> {
  const lines = (file ?? '').split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const bearer = bearerVariable === undefined ? [] : [`Authorization: Bearer \${${bearerVariable}}`];
  const parsed = [...lines, ...bearer, ...headers].map((line) => parseHeader(line, env));
  // Two spellings of one name are one header.
  const byName = new Map(parsed.map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  return Object.fromEntries(byName.values());
}

function parseHeader(line: string, env: Environment): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trim();
  // The value is left out of every message: it is a secret as a rule.
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    throw new CliError('usage', "A header is written 'Name: value' or Name:value");
  const value = expandVariables(line.slice(colon + 1).trim(), env, `the header ${name}`);
  if (value === '') throw new CliError('usage', `The header ${name} has no value`, cutAtSpace(name));
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw new CliError(
      'usage',
      `The header ${name} has a character that no header can have; is there a line break in it?`,
    );
  return [name, value];
}

/** Replaces `${NAME}` and `${NAME:-default}` by what the environment holds; a variable that is not set is an error. */
export function expandVariables(text: string, env: Environment, where: string): string {
  return text.replaceAll(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_all, name: string, fallback: string | undefined) => {
    const value = (Object.hasOwn(env, name) ? env[name] : undefined) ?? fallback;
    if (value !== undefined) return value;
    throw new CliError('usage', `The variable ${name} of ${where} is not set`);
  });
}

function cutAtSpace(name: string): string {
  return `Some hosts cut arguments at spaces: write ${name}:value, or ${name}:\${VARIABLE} with the value in "env"`;
}
