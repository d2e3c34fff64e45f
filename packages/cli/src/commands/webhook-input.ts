import type { WebhookSecret } from '@toolwire/webhooks';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { WebhookLine } from './webhook-line.ts';

/** The secrets in the variables that `--secret-env` names: on a command line, every user of the machine could read them. */
export function readSecrets(line: WebhookLine, { env }: Io): WebhookSecret[] {
  const names = line.all('secret-env');
  if (names.length === 0)
    throw new CliError(
      'usage',
      'Name the variable that holds the secret: --secret-env NAME',
      'mcp webhook secret makes a new one',
    );
  return names.map((name) => {
    const secret = env[name];
    if (secret === undefined || secret === '') throw new CliError('usage', `The variable ${name} is not set`);
    return line.has('raw-secret') ? { secret, raw: true } : secret;
  });
}

/** The one operand of a verb; throws a usage error when it is missing, or not alone. */
export function onlyOperand({ operands: [operand, extra], verb }: WebhookLine, what: string): string {
  if (operand !== undefined && extra === undefined) return operand;
  throw new CliError('usage', `Name one ${what.toLowerCase()}: mcp webhook ${verb} ${what}`);
}

/** The bytes of a file, relative to the working directory, or of standard input where it is `-`. */
export async function readBytes(file: string, { stdin, cwd }: Pick<Io, 'stdin' | 'cwd'>): Promise<Uint8Array> {
  if (file === '-') return readAll(stdin);
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const path = process.getBuiltinModule('node:path');
  try {
    return await readFile(path.resolve(cwd, file));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new CliError('usage', `Cannot read ${file}: ${isMissing ? 'it does not exist' : String(error)}`);
  }
}

async function readAll(stream: AsyncIterable<string | Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

/** The headers of `--header 'Name: value'` and `--header @FILE`, one a line. One that is there twice stays twice. */
export async function readHeaders(line: WebhookLine, io: Io): Promise<Record<string, string | string[]>> {
  const headers = new Map<string, string[]>();
  for (const given of line.all('header')) {
    const lines = given.startsWith('@') ? await readLines(given.slice(1), io) : [given];
    for (const text of lines) {
      const [name, value] = parseHeader(text);
      headers.set(name, [...(headers.get(name) ?? []), value]);
    }
  }
  return Object.fromEntries(
    [...headers].map(([name, [only = '', ...more]]) => [name, more.length > 0 ? [only, ...more] : only]),
  );
}

async function readLines(file: string, io: Io): Promise<string[]> {
  const text = Buffer.from(await readBytes(file, io)).toString();
  return text.split(/\r?\n/).filter((each) => each.trim() !== '');
}

function parseHeader(text: string): [name: string, value: string] {
  const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+)\s*:(.*)$/.exec(text) ?? [];
  if (name !== undefined) return [name.toLowerCase(), value.trim()];
  throw new CliError('usage', "--header wants 'Name: value', or @FILE with such lines");
}
