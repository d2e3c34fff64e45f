import { findSchemaViolation, type ElicitRequestParams, type ElicitResult } from '@toolwire/client-core';
import { coerce } from '../arguments/coerce.ts';
import { isObject } from '../arguments/schema.ts';
import { print, type Io } from '../io.ts';
import type { AskLine } from './line-reader.ts';
import { describeType } from '../output/tool-usage.ts';
import { sanitize, sanitizeLine } from '../output/sanitize.ts';

type Content = Record<string, unknown>;

/** Asks the person at the terminal what `server` wants to know: a form, or a page to visit. */
export async function askUser(
  server: string,
  params: ElicitRequestParams,
  io: Io,
  askLine: AskLine,
): Promise<ElicitResult> {
  const name = sanitizeLine(server);
  await print(io.stderr, `${name} asks: ${sanitize(params.message)}\n`);
  if (params.mode === 'url') return visit(params.url, io, askLine);
  const wish = await askLine('Answer? [y]es, [N]o: ');
  if (wish === undefined) return { action: 'cancel' };
  if (!/^y/i.test(wish)) return { action: 'decline' };
  const content = await fillForm(params.requestedSchema, io, askLine);
  // The form was filled by the schema that came with the question.
  return content === undefined
    ? { action: 'cancel' }
    : { action: 'accept', content: content as ElicitResult['content'] };
}

/** The page is opened by the person, who sees the whole address first. */
async function visit(url: string, io: Io, askLine: AskLine): Promise<ElicitResult> {
  await print(io.stderr, `Open this page in a browser, if you trust it:\n  ${sanitizeLine(url)}\n`);
  const answer = await askLine('Opened? [y]es, [N]o: ');
  if (answer === undefined) return { action: 'cancel' };
  return { action: /^y/i.test(answer) ? 'accept' : 'decline' };
}

async function fillForm(schema: unknown, io: Io, askLine: AskLine): Promise<Content | undefined> {
  const { properties, required } = isObject(schema) ? schema : {};
  const content: Content = {};
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    const isRequired = Array.isArray(required) && required.includes(name);
    const answer = await askField(name, property, isRequired, io, askLine);
    if (answer === undefined) return undefined;
    if ('value' in answer) content[name] = answer.value;
  }
  return content;
}

/** Asks until the answer fits. An empty one takes the default, or leaves out what is not needed. */
async function askField(
  name: string,
  property: unknown,
  isRequired: boolean,
  io: Io,
  askLine: AskLine,
): Promise<{ value: unknown } | { left: true } | undefined> {
  const { title, description, default: fallback } = isObject(property) ? property : {};
  const about = typeof description === 'string' ? ` - ${sanitizeLine(description)}` : '';
  const usual = fallback === undefined ? (isRequired ? '' : ' [none]') : ` [${sanitizeLine(JSON.stringify(fallback))}]`;
  const label = sanitizeLine(typeof title === 'string' ? title : name);
  for (;;) {
    const line = await askLine(`  ${label} (${choicesOf(property)})${about}${usual}: `);
    if (line === undefined) return undefined;
    if (line === '' && fallback !== undefined) return { value: fallback };
    if (line === '' && !isRequired) return { left: true };
    const read = readAnswer(line, property);
    if ('value' in read) return read;
    await print(io.stderr, `  ${sanitizeLine(read.problem)}\n`);
  }
}

/** The type of a field, or what may be chosen: constants may have titles that say more than they do. */
function choicesOf(property: unknown): string {
  const field = isObject(property) ? property : {};
  const { oneOf, anyOf } = field['type'] === 'array' && isObject(field['items']) ? field['items'] : field;
  const titled: unknown = oneOf ?? anyOf;
  if (!Array.isArray(titled)) return describeType(property, property);
  const choices = titled.map((choice: unknown) => {
    const { const: value, title } = isObject(choice) ? choice : {};
    return typeof title === 'string' && title !== value ? `${String(value)} = ${title}` : String(value);
  });
  return sanitizeLine(choices.join(', '));
}

function readAnswer(line: string, property: unknown): { value: unknown } | { problem: string } {
  const isSwitch = isObject(property) && property['type'] === 'boolean';
  const text = isSwitch && /^(y|yes)$/i.test(line) ? 'true' : isSwitch && /^(n|no)$/i.test(line) ? 'false' : line;
  const isList = isObject(property) && property['type'] === 'array';
  const texts = isList ? text.split(',').map((part) => part.trim()) : [text];
  const read = coerce(texts, property, property);
  if (!read.ok) return { problem: `It must be ${read.expected}` };
  const violation = findSchemaViolation(property, read.value);
  return violation === undefined ? { value: read.value } : { problem: violation.message };
}
