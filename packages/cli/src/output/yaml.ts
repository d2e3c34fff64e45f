import { dangerous } from './sanitize.ts';

/** YAML 1.2 of what JSON can hold; also read as the same by parsers of YAML 1.1. */
export function formatYaml(value: unknown): string {
  const json = JSON.stringify(value);
  return json === undefined ? 'null\n' : `${lines(JSON.parse(json), '').join('\n')}\n`;
}

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item) => {
      const [first = '', ...rest] = lines(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  if (isFilledObject(value)) return Object.entries(value).flatMap(([key, item]) => entry(key, item, indent));
  return [`${indent}${scalar(value, indent)}`];
}

function entry(key: string, value: unknown, indent: string): string[] {
  const isBlock = isFilledObject(value) || (Array.isArray(value) && value.length > 0);
  const name = `${indent}${string(key)}:`;
  return isBlock ? [name, ...lines(value, `${indent}  `)] : [`${name} ${scalar(value, `${indent}  `)}`];
}

function isFilledObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function scalar(value: unknown, indent: string): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return isProse(value) ? `|-\n${value.replaceAll(/^(?=.)/gm, indent === '' ? '  ' : indent)}` : string(value);
}

/** Several lines that a block can hold as they are. */
function isProse(text: string): boolean {
  return /\n/.test(text) && !/^[\s]|[\s]$|\r|\t/.test(text) && text.search(dangerous) === -1;
}

const plain = /^[A-Za-z_/][\w/ .@+()-]*$/;
const reserved = /^(?:null|true|false|yes|no|on|off|y|n|~)$/i;

function string(text: string): string {
  if (plain.test(text) && !reserved.test(text) && !text.endsWith(' ')) return text;
  return JSON.stringify(text).replaceAll(dangerous, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
