import { PipelineError } from '../errors.ts';
import { tokenize, type Token } from './tokenize.ts';

/** One step into a value: a key, an index, or all items of a list. */
export type PathPart = string | number | typeof everyItem;

export const everyItem: unique symbol = Symbol('*');

/** `steps.issues.result[0].title`: its first part is a name that the place knows, like `steps` or `item`. */
export interface Path {
  readonly type: 'path';
  readonly root: string;
  readonly parts: readonly PathPart[];
}

export type BinaryOperator = '??' | '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+';

export type Expression =
  | Path
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'not'; readonly operand: Expression }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** Loosest first. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['??', '||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>=', 'in'],
  ['+'],
];
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const deepest = 50;

/** Reads an expression: paths, literals, comparisons, `in`, `+` for texts, `!`, `&&`, `||`, `??` and parentheses. Throws `expression-invalid`. */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let position = 0;
  let depth = 0;
  const whole = readLevel(0);
  if (position < tokens.length) throw unexpected();
  return whole;

  function readLevel(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return readUnary();
    let left = readLevel(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => takeSymbol(candidate));
      if (operator === undefined) return left;
      left = { type: 'binary', operator, left, right: readLevel(level + 1) };
    }
  }

  function readUnary(): Expression {
    depth += 1;
    if (depth > deepest) throw invalid(text, `is nested deeper than ${deepest}`);
    const read = takeSymbol('!') ? ({ type: 'not', operand: readUnary() } as const) : readPrimary();
    depth -= 1;
    return read;
  }

  function readPrimary(): Expression {
    if (takeSymbol('(')) {
      const inner = readLevel(0);
      expectSymbol(')');
      return inner;
    }
    const token = take();
    if (token?.type === 'text' || token?.type === 'number') return { type: 'literal', value: token.value };
    if (token?.type !== 'name') {
      position -= 1;
      throw unexpected();
    }
    const word = words.get(token.value);
    if (word !== undefined) return { type: 'literal', value: word };
    return { type: 'path', root: token.value, parts: readParts() };
  }

  function readParts(): PathPart[] {
    const parts: PathPart[] = [];
    for (;;) {
      if (takeSymbol('.')) parts.push(readKey());
      else if (takeSymbol('[')) parts.push(readIndex());
      else return parts;
    }
  }

  function readKey(): string {
    const token = take();
    if (token?.type === 'name') return token.value;
    position -= 1;
    throw unexpected();
  }

  function readIndex(): PathPart {
    const token = take();
    const isAll = token?.type === 'symbol' && token.value === '*';
    if (!isAll && token?.type !== 'number' && token?.type !== 'text') {
      position -= 1;
      throw unexpected();
    }
    expectSymbol(']');
    return isAll ? everyItem : token.value;
  }

  function take(): Token | undefined {
    return tokens[position++];
  }

  function takeSymbol(symbol: string): boolean {
    const token = tokens[position];
    const isWord = token?.type === 'name' && symbol === 'in';
    if (!(token?.type === 'symbol' || isWord) || token.value !== symbol) return false;
    position += 1;
    return true;
  }

  function expectSymbol(symbol: string): void {
    if (!takeSymbol(symbol)) throw unexpected();
  }

  function unexpected(): PipelineError {
    const token = tokens[position];
    return invalid(text, token === undefined ? 'ends too early' : `has an unexpected ${JSON.stringify(token.value)}`);
  }
}

function invalid(text: string, problem: string): PipelineError {
  return new PipelineError('expression-invalid', `The expression ${JSON.stringify(text.trim())} ${problem}`);
}
