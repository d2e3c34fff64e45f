/** Where a text stops being JSON; line and column count from 1. */
export interface JsonSyntaxError {
  readonly line: number;
  readonly column: number;
  /** What should stand there, like "a comma or }". */
  readonly expected: string;
}

/** What may come next. */
type Want = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'rest of object' | 'rest of array' | 'end';

const expectations: Readonly<Record<Want, string>> = {
  value: 'a value',
  'first item': 'a value or ]',
  'first key': 'a property name in double quotes or }',
  key: 'a property name in double quotes',
  colon: 'a colon',
  'rest of object': 'a comma or }',
  'rest of array': 'a comma or ]',
  end: 'nothing more',
};

const blanks = /[ \t\r\n]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// eslint-disable-next-line no-control-regex
const stringStart = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;

/**
 * Finds the first place at which `text` breaks the grammar of JSON; undefined when it is JSON. Engines say this each in
 * their own words, and not always with a position.
 */
export function findJsonSyntaxError(text: string): JsonSyntaxError | undefined {
  const open: ('{' | '[')[] = [];
  let want: Want = 'value';
  let position = 0;

  function take(expected: RegExp): boolean {
    expected.lastIndex = position;
    const found = expected.exec(text)?.[0];
    position += found?.length ?? 0;
    return found !== undefined;
  }

  for (;;) {
    take(blanks);
    if (want === 'end' && position === text.length) return undefined;
    const start: string = text[position] ?? '';
    const next: Want | undefined = start === '"' || isValue(want) ? read(start) : punctuation(start);
    if (next === undefined) return errorAt(text, position, complaint(start));
    want = next;
  }

  function read(start: string): Want | undefined {
    if (start === '"') return isValue(want) || isKey(want) ? readString() : undefined;
    if (start === '{' || start === '[') {
      open.push(start);
      position += 1;
      return start === '{' ? 'first key' : 'first item';
    }
    if (take(scalar)) return afterValue();
    return want === 'first item' ? punctuation(start) : undefined;
  }

  function readString(): Want | undefined {
    take(stringStart);
    if (text[position] !== '"') return undefined;
    position += 1;
    return isKey(want) ? 'colon' : afterValue();
  }

  function punctuation(character: string): Want | undefined {
    const next = afterPunctuation(character);
    if (next !== undefined) position += 1;
    return next;
  }

  function afterPunctuation(character: string): Want | undefined {
    if (character === ':' && want === 'colon') return 'value';
    if (character === ',' && want === 'rest of object') return 'key';
    if (character === ',' && want === 'rest of array') return 'value';
    if (character === '}' && (want === 'rest of object' || want === 'first key')) return close();
    if (character === ']' && (want === 'rest of array' || want === 'first item')) return close();
    return undefined;
  }

  function close(): Want {
    open.pop();
    return afterValue();
  }

  function afterValue(): Want {
    const inner = open.at(-1);
    if (inner === undefined) return 'end';
    return inner === '{' ? 'rest of object' : 'rest of array';
  }

  function complaint(start: string): string {
    if (start === '"' && (isValue(want) || isKey(want))) {
      return text[position] === '\\' ? 'a valid escape sequence' : 'a closing double quote';
    }
    if (start === '/') return `${expectations[want]}, and no comment`;
    const isAfterComma = (want === 'key' && start === '}') || (want === 'value' && start === ']');
    return isAfterComma ? `${expectations[want]}, or no comma before ${start}` : expectations[want];
  }
}

function isKey(want: Want): boolean {
  return want === 'key' || want === 'first key';
}

function isValue(want: Want): boolean {
  return want === 'value' || want === 'first item';
}

function errorAt(text: string, position: number, expected: string): JsonSyntaxError {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected };
}
