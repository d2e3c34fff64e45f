import type { Tool } from '@toolwire/client-core';
import { openaiFindings } from './openai.ts';
import type { Finding, Level } from './rule.ts';
import { listRules, toolRules } from './rules.ts';

/** From the worst to the least. */
export const levels: readonly Level[] = ['error', 'warning', 'note'];

/** All that is to be said about the tools of a server, the worst first. */
export async function lintTools(tools: readonly Tool[]): Promise<readonly Finding[]> {
  const ofList = Object.entries(listRules).flatMap(([rule, { level, advice, find }]) =>
    find(tools).map((what): Finding => ({ level, rule, what, advice })),
  );
  const ofTools = Object.entries(toolRules).flatMap(([rule, { level, advice, find }]) =>
    tools.flatMap((tool) => find(tool, tools).map((what): Finding => ({ level, rule, tool: tool.name, what, advice }))),
  );
  const all = [...ofList, ...ofTools, ...(await openaiFindings(tools))];
  return levels.flatMap((level) => all.filter((finding) => finding.level === level));
}
