import { everyItem, type BinaryOperator, type Expression, type PathPart } from './parse-expression.ts';

/** The values that the names at the beginning of a path stand for. */
export type Scope = Readonly<Record<string, unknown>>;

/** The value of an expression; undefined for what is not there. Only own properties are read, and nothing is called. */
export function evaluate(expression: Expression, scope: Scope): unknown {
  if (expression.type === 'literal') return expression.value;
  if (expression.type === 'path') return follow(ownProperty(scope, expression.root), expression.parts);
  if (expression.type === 'not') return !isTrue(evaluate(expression.operand, scope));
  const { operator, left, right } = expression;
  return combine(operator, evaluate(left, scope), () => evaluate(right, scope));
}

/** Empty lists are nothing, too: `found: result.issues` means that there is one. */
export function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function combine(operator: BinaryOperator, left: unknown, right: () => unknown): unknown {
  switch (operator) {
    case '??':
      return left ?? right();
    case '||':
      return isTrue(left) ? left : right();
    case '&&':
      return isTrue(left) ? right() : left;
    case '==':
      return isSame(left, right());
    case '!=':
      return !isSame(left, right());
    case 'in':
      return isIn(left, right());
    case '+':
      return joined(left, right());
    default:
      return isOrdered(operator, left, right());
  }
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right || ((left ?? null) === null && (right ?? null) === null)) return true;
  return typeof left === 'object' && typeof right === 'object' && JSON.stringify(left) === JSON.stringify(right);
}

/** Whether a text holds another, or a list has an item that is the value, or is a text that holds it. */
function isIn(part: unknown, whole: unknown): boolean {
  if (Array.isArray(whole))
    return whole.some((item) => isSame(part, item) || (typeof item === 'string' && isIn(part, item)));
  return typeof part === 'string' && part !== '' && typeof whole === 'string' && whole.includes(part);
}

/** Two values as one text; nothing, where one of them is not there. */
function joined(left: unknown, right: unknown): string | undefined {
  if ((left ?? null) === null || (right ?? null) === null) return undefined;
  return [left, right].map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('');
}

/** Numbers by size and texts by their letters; anything else has no order. */
function isOrdered(operator: '<' | '<=' | '>' | '>=', left: unknown, right: unknown): boolean {
  const areNumbers = typeof left === 'number' && typeof right === 'number';
  const areTexts = typeof left === 'string' && typeof right === 'string';
  if (!areNumbers && !areTexts) return false;
  const order = left < right ? -1 : Number(left > right);
  if (order === 0) return operator.endsWith('=');
  return operator.startsWith(order < 0 ? '<' : '>');
}

function follow(value: unknown, parts: readonly PathPart[]): unknown {
  let current = value;
  for (const [index, part] of parts.entries()) {
    if (part === everyItem) {
      if (!Array.isArray(current)) return undefined;
      return current.map((item) => follow(item, parts.slice(index + 1)));
    }
    current = ownProperty(current, part);
  }
  return current;
}

function ownProperty(value: unknown, key: string | number): unknown {
  if (typeof value === 'string') return key === 'length' ? value.length : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && typeof key === 'number') return value.at(key);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
