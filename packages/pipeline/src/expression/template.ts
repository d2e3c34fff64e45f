import { PipelineError } from '../errors.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { parseExpression, type Expression, type Path } from './parse-expression.ts';

const placeholder = /\$\{\{([\s\S]*?)\}\}/g;
const whole = /^\s*\$\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/;

/** A value in which the text `${{ … }}` stands for other values: all of a text for the value itself, a part of it for its text. */
export type Template = unknown;

/** `template` with its placeholders filled in; a new value, of plain JSON. Throws `expression-invalid` for what is not there. */
export function fill(template: Template, scope: Scope): unknown {
  if (typeof template === 'string') return fillText(template, scope);
  if (Array.isArray(template)) return template.map((item) => fill(item, scope));
  if (typeof template !== 'object' || template === null) return template;
  return record(Object.entries(template).map(([key, value]) => [key, fill(value, scope)]));
}

function fillText(text: string, scope: Scope): unknown {
  const only = whole.exec(text)?.[1];
  if (only !== undefined) return valueOf(only, scope);
  return text.replaceAll(placeholder, (_whole, inner: string) => {
    const value = valueOf(inner, scope);
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  });
}

function valueOf(text: string, scope: Scope): unknown {
  const value = evaluate(parse(text), scope);
  if (value === undefined) throw new PipelineError('expression-invalid', `${text.trim()} is not there`);
  return value;
}

/** The value of a text that is an expression as it is, or one in `${{ … }}`. */
export function evaluateText(text: string, scope: Scope): unknown {
  return evaluate(parse(expressionIn(text)), scope);
}

/** The text without the `${{ … }}` around it. */
export function expressionIn(text: string): string {
  return whole.exec(text)?.[1] ?? text;
}

/** Whether a text holds a placeholder, so that its value is not known before the run. */
export function isOpen(text: string): boolean {
  return text.search(placeholder) >= 0;
}

/** Every path that a template uses. Throws `expression-invalid`. */
export function pathsIn(template: Template): Path[] {
  if (typeof template === 'string')
    return [...template.matchAll(placeholder)].flatMap(([, inner = '']) => pathsOf(parse(inner)));
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap(pathsIn);
}

/** Every path that an expression uses. */
export function pathsOf(expression: Expression): Path[] {
  if (expression.type === 'literal') return [];
  if (expression.type === 'path') return [expression];
  if (expression.type === 'not') return pathsOf(expression.operand);
  return [...pathsOf(expression.left), ...pathsOf(expression.right)];
}

const parsed = new Map<string, Expression>();

/** A run of a thousand items fills in the same few texts a thousand times. */
function parse(text: string): Expression {
  const known = parsed.get(text) ?? parseExpression(text);
  if (parsed.size > 1000) parsed.clear();
  parsed.set(text, known);
  return known;
}

/** An object of these entries, in which `__proto__` is a key like any other. */
function record(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries);
}
