import type { McpClient } from './client.ts';
import type { ReadOptions } from './client-options.ts';
import { isMcpError, McpError, ProtocolError } from './errors.ts';
import { KnownList } from './hub-list.ts';
import { rpcCode } from './protocol/jsonrpc.ts';
import type { Prompt, Resource, ResourceTemplate, Tool } from './protocol/types.ts';
import { withTimeout } from './signals.ts';

/** What servers list. */
export interface Listed {
  tools: Tool;
  prompts: Prompt;
  resources: Resource;
  resourceTemplates: ResourceTemplate;
}

export type ListKind = keyof Listed;

/** The lists of one server. */
export type Lists = { readonly [Kind in ListKind]: KnownList<Listed[Kind]> };

export interface ListsOptions {
  /** The server's name. */
  name: string;
  listTimeoutMs: number;
  onFailed: (error: unknown) => void;
}

/** What each list is asked by. */
export const listMethods: Readonly<Record<ListKind, string>> = {
  tools: 'tools/list',
  prompts: 'prompts/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
};

/** The lists of a server, each with its deadline; what a server does not have is an empty list. */
export function listsOf(client: McpClient, { name, listTimeoutMs, onFailed }: ListsOptions): Lists {
  function list<T>(kind: ListKind, ask: (options: ReadOptions) => Promise<T[]>): KnownList<T> {
    const inTime = (options: ReadOptions): Promise<T[]> => {
      const ending = new AbortController();
      return withTimeout(ask({ ...options, signal: ending.signal }), listTimeoutMs, () => {
        const text = `${name} did not answer ${listMethods[kind]} within ${listTimeoutMs} ms (listTimeoutMs)`;
        const error = new McpError('timeout', text, { retryable: true });
        ending.abort(error);
        return error;
      });
    };
    return new KnownList<T>(async (options) => {
      if (kind !== 'tools' && isWithout(client, kind)) return []; // Tools are asked for all the same: some servers forget to say.
      try {
        return await inTime(options);
      } catch (error) {
        if (isWithout(client, kind) || isNoSuchList(error)) return [];
        throw error;
      }
    }, onFailed);
  }

  return {
    tools: list('tools', (options) => client.listTools(options)),
    prompts: list('prompts', (options) => client.listPrompts(options)),
    resources: list('resources', (options) => client.listResources(options)),
    resourceTemplates: list('resourceTemplates', (options) => client.listResourceTemplates(options)),
  };
}

/** The server says what it has, and this is not among it. Over wires without a handshake it says nothing. */
function isWithout(client: McpClient, kind: ListKind): boolean {
  const capabilities = client.server?.capabilities ?? {};
  const capability = kind === 'resourceTemplates' ? 'resources' : kind;
  return Object.keys(capabilities).length > 0 && capabilities[capability] === undefined;
}

function isNoSuchList(error: unknown): boolean {
  if (error instanceof ProtocolError) return error.rpcCode === rpcCode.methodNotFound;
  return isMcpError(error) && error.code === 'unsupported-capability';
}
