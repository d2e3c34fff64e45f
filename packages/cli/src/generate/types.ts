import type { Tool } from '@toolwire/client-core';
import { sanitizeLine } from '../output/sanitize.ts';
import { propertyName } from './source-text.ts';
import { typesOfTools } from './tool-types.ts';

/** TypeScript types of the arguments and results of a server's tools. */
export function typesSource(server: string, tools: readonly Tool[]): string {
  const { typed, code } = typesOfTools(tools, new Set(['Tools']));
  const rows = typed.map(
    ({ tool, argumentsType, resultType = 'unknown' }) =>
      `  ${propertyName(tool.name)}: { arguments: ${argumentsType}; result: ${resultType} };`,
  );
  const table = [
    '/** The arguments and the structured result of each tool, by its name. */',
    'export interface Tools {',
    ...rows,
    '}',
    '',
  ];
  return `${header('types', server)}\n${code}\n${table.join('\n')}`;
}

/** The first line of a generated file. */
export function header(kind: string, server: string): string {
  return `// The tools of ${sanitizeLine(server)}, by mcp generate ${kind}: make it anew rather than change it.\n`;
}
