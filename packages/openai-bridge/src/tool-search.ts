import type { CatalogTool } from './catalog.ts';

/** The tools that fit `query` best, the best first; none when no word of it fits. */
export function searchTools<Entry extends CatalogTool>(tools: readonly Entry[], query: string, limit: number): Entry[] {
  const documents = tools.map((entry) => ({ entry, weights: weightsOf(entry) }));
  const wanted = [...new Set(wordsOf(query))].map((word) => ({ word, rarity: rarityOf(word, documents) }));
  return documents
    .map(({ entry, weights }) => ({
      entry,
      score: wanted.reduce((sum, { word, rarity }) => sum + rarity * (weights.get(word) ?? 0), 0),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

/** How much each word says about a tool: its name most of all. */
function weightsOf({ server = '', tool }: CatalogTool): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const fields: [text: string, weight: number][] = [
    [Object.keys(tool.inputSchema.properties ?? {}).join(' '), 0.5],
    [tool.description ?? '', 1],
    [server, 2],
    [tool.title ?? '', 3],
    [tool.name, 4],
  ];
  for (const [text, weight] of fields) for (const word of wordsOf(text)) weights.set(word, weight);
  return weights;
}

/** A word that few tools have tells them apart; one that all have does not. */
function rarityOf(word: string, documents: readonly { weights: ReadonlyMap<string, number> }[]): number {
  const count = documents.filter(({ weights }) => weights.has(word)).length;
  return Math.log(1 + documents.length / (1 + count));
}

/** The words of names and sentences: `listIssues`, `list_issues` and "lists an issue" have two in common. */
function wordsOf(text: string): string[] {
  const words = text.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase();
  return (words.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > 3 ? word.replace(/(es|s|e)$/, '') : word));
}
