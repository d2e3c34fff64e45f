import type { HttpServerConfig } from '@toolwire/client-core';
import type { Tool } from 'openai/resources/responses/responses';

/** The tool with which OpenAI itself calls an MCP server. */
export type HostedMcpTool = Tool.Mcp;

/** What a server's tools may do when OpenAI calls them. */
export interface HostedMcpOptions {
  /** For the model: what the server is for. */
  readonly description?: string;
  /** Names of tools, or only those that change nothing. Default: all. */
  readonly allowedTools?: readonly string[] | { readonly readOnly: true };
  /** Which calls wait for an `mcp_approval_response`. Default `always`. */
  readonly requireApproval?: 'always' | 'never';
  /** Loads the tools only when the model searches for them; the request needs a `tool_search` tool. Default false. */
  readonly deferLoading?: boolean;
}

/**
 * Has OpenAI call an MCP server that it can reach itself, rather than this process; `label` is what the model calls it.
 * The headers, credentials too, go to OpenAI with each request. Throws a TypeError for an address of this machine.
 */
export function toHostedMcpTool(
  label: string,
  { url, headers = {} }: HttpServerConfig,
  { description, allowedTools, requireApproval = 'always', deferLoading = false }: HostedMcpOptions = {},
): HostedMcpTool {
  const { hostname, href } = new URL(url);
  if (isLocal(hostname)) throw new TypeError(`OpenAI cannot reach ${hostname}: give it a public address, or a bridge`);
  return {
    type: 'mcp',
    server_label: label.replaceAll(/[^\w-]+/g, '_').replace(/^(?![A-Za-z])/, 'mcp_'),
    server_url: href,
    require_approval: requireApproval,
    ...(Object.keys(headers).length > 0 && { headers: { ...headers } }),
    ...(description !== undefined && { server_description: description }),
    ...(allowedTools !== undefined && {
      allowed_tools: 'readOnly' in allowedTools ? { read_only: true } : [...allowedTools],
    }),
    ...(deferLoading && { defer_loading: true }),
  };
}

function isLocal(hostname: string): boolean {
  return /^(localhost|.*\.local(host)?|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}
