import type { Tool } from '@toolwire/client-core';
import { requiredOf } from '../arguments/schema.ts';
import { definitionsOf, free } from './definitions.ts';
import { pascalCase } from './identifiers.ts';
import { comment } from './source-text.ts';

/** A tool, and the names of its types. */
export interface TypedTool {
  readonly tool: Tool;
  readonly argumentsType: string;
  /** Whether it can be called with no arguments. */
  readonly isOptional: boolean;
  /** The type of its structured result, where the server says one. */
  readonly resultType: string | undefined;
}

/** The tools in the order of their names, and the declarations of their types. */
export function typesOfTools(
  tools: readonly Tool[],
  taken: Set<string>,
): { typed: readonly TypedTool[]; code: string } {
  const blocks: string[] = [];
  const declare = (name: string, schema: unknown, tool: Tool, what: string): void => {
    for (const definition of definitionsOf(name, schema, taken)) {
      const about = definition.name === name ? comment(`${what} of ${tool.name}. ${tool.description ?? ''}`) : [];
      blocks.push([...about, `export type ${definition.name} = ${definition.type};\n`].join('\n'));
    }
  };
  const typed = sorted(tools).map((tool): TypedTool => {
    const argumentsType = free(`${pascalCase(tool.name)}Arguments`, taken);
    declare(argumentsType, tool.inputSchema, tool, 'Arguments');
    const isOptional = requiredOf(tool.inputSchema, tool.inputSchema).length === 0;
    if (tool.outputSchema === undefined) return { tool, argumentsType, isOptional, resultType: undefined };
    const resultType = free(`${pascalCase(tool.name)}Result`, taken);
    declare(resultType, tool.outputSchema, tool, 'Structured result');
    return { tool, argumentsType, isOptional, resultType };
  });
  return { typed, code: blocks.join('\n') };
}

/** In the order of their names, each name once: a server may list them otherwise the next time. */
export function sorted(tools: readonly Tool[]): readonly Tool[] {
  const byName = new Map(tools.toReversed().map((tool) => [tool.name, tool]));
  return [...byName.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
