import type { Tool } from '@toolwire/client-core';

/** How much it matters to a model: it will go wrong, it may, or it could be better. */
export type Level = 'error' | 'warning' | 'note';

/** Something about the tools that a model will trip over. */
export interface Finding {
  readonly level: Level;
  readonly rule: string;
  /** The tool's name; missing where it is about the whole list. */
  readonly tool?: string;
  /** What is found there; empty where the rule says all. */
  readonly what: string;
  /** What to do. */
  readonly advice: string;
}

/** One thing to look for in each tool. */
export interface ToolRule {
  readonly level: Level;
  readonly advice: string;
  /** What of it is found in a tool, among all the tools of its server. */
  readonly find: (tool: Tool, all: readonly Tool[]) => readonly string[];
}

/** One thing to look for in the list as a whole. */
export interface ListRule {
  readonly level: Level;
  readonly advice: string;
  readonly find: (tools: readonly Tool[]) => readonly string[];
}

/** One finding that has nothing to add, where `condition` holds. */
export function when(condition: boolean): readonly string[] {
  return condition ? [''] : [];
}
