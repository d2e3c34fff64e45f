import { ArgumentsInvalidError, McpError } from './errors.ts';
import { excerpt } from './protocol/excerpt.ts';
import type { SchemaViolation } from './protocol/json-schema/find-schema-violation.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';
import { paramHeaders, paramHeaderValues, type ParamHeader } from './protocol/param-headers.ts';
import type { CallToolResult, Tool } from './protocol/types.ts';

/** What the last list said about each tool: the headers that its calls need, and the schema of its results. */
export class ToolIndex {
  #tools = new Map<string, { headers: readonly ParamHeader[]; tool: Tool }>();

  /** Remembers these tools; gives back those that may be used, and reports the others (2026-07-28: invalid `x-mcp-header`). */
  replace(tools: readonly Tool[], hasParamHeaders: boolean, onDropped: (what: string, tool: Tool) => void): Tool[] {
    this.#tools = new Map();
    return tools.filter((tool) => {
      const scan = hasParamHeaders ? paramHeaders(tool.inputSchema) : { headers: [] };
      if ('fault' in scan) {
        onDropped(`tool ${tool.name} is left out: ${scan.fault}`, tool);
        return false;
      }
      this.#tools.set(tool.name, { headers: scan.headers, tool });
      return true;
    });
  }

  headersFor(name: string, args: JsonObject): Record<string, string> | undefined {
    const headers = this.#tools.get(name)?.headers ?? [];
    return headers.length === 0 ? undefined : paramHeaderValues(headers, args);
  }

  /** Whether the server says that calling this tool twice does no more than calling it once. */
  isIdempotent(name: string): boolean {
    const { readOnlyHint, idempotentHint } = this.#tools.get(name)?.tool.annotations ?? {};
    return readOnlyHint === true || idempotentHint === true;
  }

  /** Rejects with `ArgumentsInvalidError` when the tool is known and its `inputSchema` refuses these. */
  async checkArguments(name: string, args: JsonObject): Promise<void> {
    const violation = await findViolation(this.#tools.get(name)?.tool.inputSchema, args);
    if (violation !== undefined)
      throw new ArgumentsInvalidError(`${name} was not called: ${violation.message}`, violation);
  }

  /** Whether a result of this tool can be checked. */
  hasOutputSchema(name: string): boolean {
    return this.#tools.get(name)?.tool.outputSchema !== undefined;
  }

  /** How a result breaks the tool's `outputSchema`. */
  async violationOf(name: string, result: CallToolResult): Promise<string | undefined> {
    if (result.isError === true) return undefined;
    if (result.structuredContent === undefined)
      return 'structuredContent is missing, though the tool has an outputSchema';
    const violation = await findViolation(this.#tools.get(name)?.tool.outputSchema, result.structuredContent);
    return violation && `structuredContent breaks the outputSchema: ${violation.message}`;
  }
}

/** The check is loaded by the first tool that needs it: many servers have none. */
async function findViolation(schema: unknown, value: unknown): Promise<SchemaViolation | undefined> {
  const { findSchemaViolation } = await import('./protocol/json-schema/find-schema-violation.ts');
  return findSchemaViolation(schema, value);
}

/** The error for a tool that reports a failure, where the caller wants one. */
export function toolError(name: string, text: string): McpError {
  return new McpError('tool-error', `${name} failed: ${excerpt(text)}`, { delivered: 'yes' });
}
