import type { Tool } from '@toolwire/client-core';
import { dangerous } from '../output/sanitize.ts';
import { wordsOf } from './names.ts';

const fewestWords = 3;

/** What tries to steer a model rather than to describe a tool. */
const commands: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|previous|prior|above|rules?)\b/i,
  /\b(?:do not|don't|never)\b.{0,30}\b(?:tell|mention|show|inform|reveal)\b.{0,30}\b(?:user|anyone|human)\b/i,
  /<\/?(?:important|system|secret|instructions?|hidden)>/i,
  /\b(?:before|instead of) (?:using|calling) (?:this|any) (?:other )?tools?\b.{0,40}\b(?:must|always|first)\b/i,
  /(?:~|\$HOME|\/home\/\w+)\/\.(?:ssh|aws|cursor|config|env)\b/,
];

/** Whether a description, which is there, says no more than a name would. */
export function isShort({ name, description = '' }: Tool): boolean {
  const words = wordsOf(description);
  const named = new Set([...wordsOf(name), 'a', 'an', 'the', 'this', 'tool', 'to', 'of']);
  return words.length > 0 && (words.length < fewestWords || words.every((word) => named.has(word)));
}

/** Other tools that say the same of themselves; each pair is told once. */
export function sameDescription(tool: Tool, all: readonly Tool[]): readonly string[] {
  const { description } = tool;
  if (description === undefined || description.trim() === '') return [];
  const before = all.slice(0, all.indexOf(tool)).find((other) => other.description === description);
  return before === undefined ? [] : [before.name];
}

/** Whether anything that a model reads of a tool has characters that people do not see. */
export function hasHidden(tool: Tool): boolean {
  return new RegExp(dangerous.source, 'u').test(textsOf(tool));
}

/** What in a tool's texts speaks to the model as its master would. */
export function commandsIn(tool: Tool): readonly string[] {
  const text = textsOf(tool);
  return commands.flatMap((pattern) => pattern.exec(text)?.[0] ?? []).map((found) => `"${found}"`);
}

/** Every text of a definition, one a line, as a model gets it. */
function textsOf({ name, title, description, inputSchema, annotations }: Tool): string {
  const texts: string[] = [];
  JSON.stringify({ name, title, description, inputSchema, annotations }, (key, value: unknown) => {
    texts.push(key);
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  return texts.join('\n');
}
