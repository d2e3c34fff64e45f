import { CliError } from '../cli-error.ts';
import { print, type Io } from '../io.ts';
import type { OutputForm, Settings } from '../own-flags.ts';
import { printJson } from './json.ts';
import { formatMarkdown } from './markdown.ts';
import { parsePath, pickAt } from './pick.ts';
import { safeJson, sanitize } from './sanitize.ts';
import type { PrintForm, Shown } from './show.ts';
import { formatYaml } from './yaml.ts';

const printers: Record<OutputForm, (shown: Shown, io: Io) => Promise<void>> = {
  human: printText,
  json: ({ value }, { stdout }) => printJson(stdout, value),
  jsonl: ({ value, lines = [value] }, { stdout }) =>
    print(stdout, lines.map((line) => `${safeJson(line, 0)}\n`).join('')),
  yaml: ({ value }, { stdout }) => print(stdout, formatYaml(value)),
  md: ({ body }, { stdout }) => print(stdout, typeof body === 'string' ? body : formatMarkdown(body)),
  raw: printRaw,
};

/** Prints in one of the rarer forms, or a picked part; throws for a path that cannot be read. */
export function openForm({ output, pick }: Settings): PrintForm {
  const path = pick === undefined ? undefined : parsePath(pick);
  return async (shown, _settings, io) => {
    if (path === undefined) return printers[output](shown, io);
    const found = pickAt(shown.data ?? shown.value, path);
    if (found === undefined) {
      throw new CliError(
        'nothing-found',
        `--pick ${pick} finds nothing in the result`,
        whatIsIn(shown.data ?? shown.value),
      );
    }
    await printers[output](ofPicked(found), io);
  };
}

/** What the outermost step of a path could be. */
function whatIsIn(value: unknown): string {
  if (Array.isArray(value)) return `It is a list of ${value.length}: [0]`;
  return `It has: ${Object.keys(Object(value) as object)
    .slice(0, 8)
    .join(', ')}`;
}

/** A picked part as a result of its own: a text as it is, anything else as JSON. */
function ofPicked(found: unknown): Shown {
  const lines = Array.isArray(found) ? found : [found];
  const isWhole = typeof found === 'object' && found !== null;
  const raw = typeof found === 'string' ? found : safeJson(found, 0);
  return { value: found, body: `${isWhole ? safeJson(found, 2) : sanitize(raw)}\n`, lines, raw: () => raw };
}

function printText({ body }: Shown, { stdout }: Io): Promise<void> {
  return print(stdout, typeof body === 'string' ? body : '');
}

/** Bytes and texts as they were sent. A terminal, which would act on them, gets what is safe, and a last newline. */
async function printRaw({ body, raw }: Shown, { stdout }: Io): Promise<void> {
  const content = raw?.() ?? (typeof body === 'string' ? body : namesIn(body));
  if (stdout.isTTY !== true) return print(stdout, content);
  if (typeof content !== 'string') {
    throw new CliError('nothing-found', 'The result is no text', 'Write it to a file: --save FILE, or -r > FILE');
  }
  const text = sanitize(content);
  await print(stdout, text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** The first column: a name a line, with its server where there are several. */
function namesIn({ groups }: Exclude<Shown['body'], string>): string {
  return groups
    .flatMap(({ name, rows }) => rows.map(([first = '']) => `${groups.length > 1 ? `${name}/` : ''}${first}\n`))
    .join('');
}
