import { PipelineError } from '../errors.ts';

export type Token =
  | { readonly type: 'name'; readonly value: string }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'symbol'; readonly value: string };

const space = /\s*/y;
const kinds: readonly { pattern: RegExp; read: (text: string) => Token }[] = [
  { pattern: /-?\d+(?:\.\d+)?/y, read: (text) => ({ type: 'number', value: Number(text) }) },
  // Steps may be called like-this; there is no subtraction.
  { pattern: /[A-Za-z_$][\w$-]*/y, read: (text) => ({ type: 'name', value: text }) },
  { pattern: /'[^']*'|"[^"]*"/y, read: (text) => ({ type: 'text', value: text.slice(1, -1) }) },
  { pattern: /\?\?|\|\||&&|[=!<>]=|[<>!.()[\]*+]/y, read: (text) => ({ type: 'symbol', value: text }) },
];

/** The words of an expression. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = matchAt(space, text, 0)?.length ?? 0;
  while (position < text.length) {
    const kind = kinds.find(({ pattern }) => matchAt(pattern, text, position) !== undefined);
    const word = kind && matchAt(kind.pattern, text, position);
    if (kind === undefined || word === undefined) {
      const problem = `has ${JSON.stringify(text[position])} at ${position + 1}, which means nothing there`;
      throw new PipelineError('expression-invalid', `The expression ${JSON.stringify(text.trim())} ${problem}`);
    }
    tokens.push(kind.read(word));
    position += word.length;
    position += matchAt(space, text, position)?.length ?? 0;
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
