import type { Tool } from './protocol/types.ts';

/** The tools that fit `query` best, the best first; none when no word of it fits. */
export function searchTools<Found extends Tool>(tools: readonly Found[], query: string, limit: number): Found[] {
  const documents = tools.map((tool) => ({ tool, weights: weightsOf(tool) }));
  const wanted = [...new Set(wordsOf(query))].map((word) => ({ word, rarity: rarityOf(word, documents) }));
  return documents
    .map(({ tool, weights }) => ({
      tool,
      score: wanted.reduce((sum, { word, rarity }) => sum + rarity * weightOf(word, weights), 0),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ tool }) => tool);
}

/** How much each word says about a tool: its name most of all. */
function weightsOf(tool: Tool): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const fields: [text: string, weight: number][] = [
    [tool.description ?? '', 1],
    [tool.title ?? '', 3],
    [tool.name, 4],
  ];
  for (const [text, weight] of fields) for (const word of wordsOf(text)) weights.set(word, weight);
  return weights;
}

/** Half the weight for a word that only begins like the one that is asked for: people search while they type. */
function weightOf(wanted: string, weights: ReadonlyMap<string, number>): number {
  const whole = weights.get(wanted);
  if (whole !== undefined || wanted.length < 3) return whole ?? 0;
  let best = 0;
  for (const [word, weight] of weights) if (weight > best && word.startsWith(wanted)) best = weight;
  return best / 2;
}

/** A word that few tools have tells them apart; one that all have does not. */
function rarityOf(word: string, documents: readonly { weights: ReadonlyMap<string, number> }[]): number {
  const count = documents.filter(({ weights }) => weights.has(word)).length;
  return Math.log(1 + documents.length / (1 + count));
}

/** A description may be as long as a server likes. */
const longestText = 4096;

/** The words of names and sentences: `listIssues`, `list_issues` and "lists an issue" have two in common. */
function wordsOf(text: string): string[] {
  const words = text
    .slice(0, longestText)
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  return (words.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > 3 ? word.replace(/(es|s|e)$/, '') : word));
}
