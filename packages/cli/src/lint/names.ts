import type { Tool } from '@toolwire/client-core';

/** What a model's interface does not take as the name of a function. */
export const illegalName: RegExp = /[^a-zA-Z0-9_-]|^.{65}/;

/** Words that say nothing of what a tool acts on. */
const vagueWords: ReadonlySet<string> = new Set(
  (
    'action add api call check command create data delete do edit exec execute fetch find func function get go handle ' +
    'handler helper info invoke list main make method misc new op operation perform process query read request run ' +
    'search send set submit task test thing tool update use util utility write'
  ).split(' '),
);

/** Whether all the words of a name are such words. */
export function vagueName(name: string): boolean {
  const words = wordsOf(name);
  return words.length > 0 && words.every((word) => vagueWords.has(word));
}

/** The names among `all` that differ from `name` by case and separators only; each pair is told once. */
export function similarNames(name: string, all: readonly Tool[]): readonly string[] {
  const same = all.filter((other) => lettersOf(other.name) === lettersOf(name)).map((other) => other.name);
  return [...new Set(same.slice(0, same.indexOf(name)))].filter((other) => other !== name);
}

/** The words of a name, however they are put together. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function lettersOf(name: string): string {
  return wordsOf(name).join('');
}
