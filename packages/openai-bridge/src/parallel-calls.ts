import { isObject } from './schema/json.ts';
import type { ModelCall } from './types.ts';

const pseudoTools = new Set(['parallel', 'multi_tool_use.parallel', 'multi_tool_use_parallel']);

/**
 * Replaces each call of `parallel`, a tool that some models make up, by the calls in its `tool_uses`; they carry its id as
 * `parentId`. Other calls, and a tool that is really named so, stay as they are.
 */
export function expandParallelCalls(calls: readonly ModelCall[], isTool: (name: string) => boolean): ModelCall[] {
  return calls.flatMap((call) => (pseudoTools.has(call.name) && !isTool(call.name) ? partsOf(call) : [call]));
}

function partsOf(call: ModelCall): ModelCall[] {
  const uses = toolUses(call.arguments);
  if (uses === undefined) return [call];
  return uses.map(({ name, parameters }, index) => ({
    id: `${call.id}:${index}`,
    name,
    arguments: typeof parameters === 'string' ? parameters : JSON.stringify(parameters ?? {}),
    parentId: call.id,
  }));
}

function toolUses(text: string): { name: string; parameters: unknown }[] | undefined {
  try {
    const { tool_uses: uses } = JSON.parse(text) as { tool_uses?: unknown };
    if (!Array.isArray(uses) || uses.length === 0) return undefined;
    return uses.map((use: unknown) => {
      if (!isObject(use) || typeof use['recipient_name'] !== 'string') throw new TypeError('names no tool');
      return { name: use['recipient_name'].replace(/^functions\./, ''), parameters: use['parameters'] };
    });
  } catch {
    return undefined; // Not what we know; it is answered as a call of a tool that does not exist.
  }
}
