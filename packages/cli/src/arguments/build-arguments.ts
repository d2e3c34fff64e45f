import { findSchemaViolation } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import { coerce } from './coerce.ts';
import { parseJson, parseObject } from './parse-object.ts';
import { isObject, requiredOf } from './schema.ts';
import type { Entry } from './tool-tokens.ts';

/** Reads a named file as text, or standard input for `-`. */
export type ReadText = (file: string) => Promise<string>;

/** What the arguments of a call are made from. */
export interface ArgumentSources {
  readonly entries: readonly Entry[];
  /** `--input`: JSON, `@file` or `-`. */
  readonly input: string | undefined;
  readonly readText: ReadText;
  /** Whether to refuse arguments that the schema does not allow. */
  readonly validate: boolean;
}

/** Makes a tool's arguments of what was written, typed by its schema alone; throws when they do not fit it. */
export async function buildArguments(schema: unknown, sources: ArgumentSources): Promise<Record<string, unknown>> {
  const { entries, input, readText, validate } = sources;
  const args = input === undefined ? {} : await parseObject(input, '--input', readText);
  for (const group of groupByPath(entries)) {
    const [first] = group;
    setAt(args, first.path, await readGroup(group, schema, sources));
  }
  if (validate) checkArguments(schema, args);
  return args;
}

/** Throws when `args` do not fit `schema`: names the argument, and what was expected. */
function checkArguments(schema: unknown, args: Record<string, unknown>): void {
  const missing = requiredOf(schema, schema).filter((name) => !Object.hasOwn(args, name));
  if (missing.length > 0) {
    throw new CliError('arguments-invalid', `Missing ${missing.map((name) => `--${name}`).join(', ')}`);
  }
  const violation = findSchemaViolation(schema, args);
  if (violation !== undefined) throw new CliError('arguments-invalid', violation.message.replace(/\.$/, ''));
}

async function readGroup(group: Group, root: unknown, { readText, validate }: ArgumentSources): Promise<unknown> {
  const [{ source, schema, written, path }] = group;
  if (source.kind === 'switch') return source.value;
  if (source.kind === 'json') return parseJson(source.text, written);
  if (source.kind === 'json-file') return parseJson(await readText(source.text), written);
  const texts = await Promise.all(group.map((entry) => readEntryText(entry, readText)));
  const coerced = coerce(texts, schema, root);
  if (coerced.ok) return coerced.value;
  if (!validate) return texts.length === 1 ? texts[0] : texts;
  const got = texts.map((text) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)).join(', ');
  throw new CliError('arguments-invalid', `${path.join('.')} must be ${coerced.expected}, not ${got}`);
}

async function readEntryText({ source }: Entry, readText: ReadText): Promise<string> {
  if (source.kind === 'switch') return String(source.value);
  return source.kind === 'text-file' ? readText(source.text) : source.text;
}

type Group = readonly [Entry, ...Entry[]];

function groupByPath(entries: readonly Entry[]): readonly Group[] {
  const groups = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.path);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  for (const group of groups.values()) refuseRepetition(group);
  return [...groups.values()];
}

function refuseRepetition(group: Group): void {
  const [first] = group;
  const isText = group.every(({ source }) => source.kind === 'text' || source.kind === 'text-file');
  if (group.length > 1 && !isText) throw new CliError('usage', `${first.path.join('.')} is given more than once`);
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  const inner = Object.hasOwn(target, name) ? target[name] : undefined;
  const child: Record<string, unknown> = isObject(inner) ? inner : {};
  if (rest.length > 0) setAt(child, rest, value);
  // Not an assignment: `__proto__` is a name like any other here.
  const property = { value: rest.length > 0 ? child : value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(target, name, property);
}
