import type { Tool } from '@toolwire/client-core';
import { sanitizeLine } from '../output/sanitize.ts';
import { free } from './definitions.ts';
import { camelCase, pascalCase } from './identifiers.ts';
import { comment, quoted } from './source-text.ts';
import { typesOfTools, type TypedTool } from './tool-types.ts';
import { header } from './types.ts';

const imported = ['CallOptions', 'ToolCaller', 'ToolResult'];

/** A TypeScript module with a typed function for each tool of a server, over anything that calls tools. */
export function clientSource(server: string, tools: readonly Tool[]): string {
  const taken = new Set([...imported, 'Structured']);
  const face = free(`${pascalCase(server)}Tools`, taken);
  const { typed, code } = typesOfTools(tools, taken);
  // `then` would make a promise of the object.
  const methods = new Set(['then', 'constructor']);
  const named = typed.map((tool) => ({ ...tool, method: free(camelCase(tool.tool.name), methods) }));
  const signatures = named.map(({ tool, method, ...types }) =>
    [...comment(tool.description, '  '), `  ${method}${signature(types)};`].join('\n'),
  );
  const bodies = named.map(({ tool, method, resultType }) => {
    const call = `caller.callTool(${quoted(tool.name)}, args, options)`;
    const answer = resultType === undefined ? ` ${call}` : `\n      ${call} as Promise<Structured<${resultType}>>`;
    return `    ${method}: (args, options) =>${answer},`;
  });
  return `${header('client', server)}
import type { ${imported.join(', ')} } from '@toolwire/client-core';

/** A result whose structured content is of a type, by the server's own word; undefined where the tool failed. */
export type Structured<Result> = ToolResult & { readonly structured: Result | undefined };

${code}
export interface ${face} {
${signatures.join('\n')}
}

/** The tools of ${commentText(server)} as functions, over a client of that server. */
export function ${camelCase(face)}(caller: ToolCaller): ${face} {
  return {
${bodies.join('\n')}
  };
}
`;
}

function signature({ argumentsType, isOptional, resultType }: Omit<TypedTool, 'tool'>): string {
  const result = resultType === undefined ? 'ToolResult' : `Structured<${resultType}>`;
  return `(args${isOptional ? '?' : ''}: ${argumentsType}, options?: CallOptions): Promise<${result}>`;
}

function commentText(text: string): string {
  return sanitizeLine(text).replaceAll('*/', '*\\/');
}
