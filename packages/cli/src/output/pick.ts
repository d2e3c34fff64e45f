import { CliError } from '../cli-error.ts';

const each: unique symbol = Symbol('each');

/** A name, an index (from the end where it is negative), or every element. */
type Step = string | number | typeof each;

export type Path = readonly Step[];

const stepAt = /\.?(?<name>[^.[\]"\s]+)|\[(?:(?<index>-?\d+)|(?<each>\*?)|(?<quoted>"(?:[^"\\]|\\.)*"))\]/y;

/** Reads a path such as `rows[0].name`, `.rows[*]["first name"]` or `[-1]`; throws a usage error where it is none. */
export function parsePath(text: string): Path {
  const steps: Step[] = [];
  stepAt.lastIndex = 0;
  if (text === '.') return steps;
  while (stepAt.lastIndex < text.length) {
    const groups = stepAt.exec(text)?.groups;
    if (groups === undefined) throw malformed(text);
    const { name, index, quoted } = groups;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? each : unquote(quoted, text));
  }
  return steps;
}

/** What `path` leads to within `value`; `undefined` where it leads nowhere. Every element gives an array of what is found. */
export function pickAt(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step !== each) return pickAt(childOf(value, step), rest);
  const elements = Array.isArray(value) ? value : Object.values(Object(value) as object);
  const found = elements.map((element) => pickAt(element, rest)).filter((element) => element !== undefined);
  return found.length === 0 && elements.length > 0 ? undefined : found;
}

function childOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? (value.at(step) as unknown) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === String(step))?.[1];
}

function unquote(quoted: string, path: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw malformed(path);
  }
}

function malformed(text: string): CliError {
  return new CliError(
    'usage',
    `--pick cannot read ${JSON.stringify(text)}`,
    'Write rows[0].name, rows[*].id or ["a b"]',
  );
}
