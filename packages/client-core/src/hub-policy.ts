import { deniedTool, invalidHub } from './hub-errors.ts';
import { matchesAny } from './hub-globs.ts';
import type { HubPolicy, HubServer } from './hub-options.ts';
import type { Interceptor } from './interceptor.ts';
import { quote } from './protocol/excerpt.ts';
import { isObject } from './protocol/jsonrpc.ts';
import type { Target } from './target.ts';

/** A server's target and its policy; throws for what is neither. */
export function readServer(name: string, server: HubServer): { target: Target; policy: HubPolicy } {
  if (name === '') throw invalidHub('The name of a server must not be empty');
  if (!isObject(server) && typeof server !== 'string' && typeof server !== 'function')
    throw invalidHub(`The server ${quote(name)} must be a URL, a configuration, a transport or { target }`);
  if (!hasPolicy(server)) return { target: server, policy: {} };
  const { target, ...policy } = server;
  return { target, policy };
}

/** Refuses calls of tools that may not be used and leaves them out of lists, so that also the client alone keeps to it. */
export function toolGuard(server: string, mayUse: (tool: string) => boolean): Interceptor {
  return (next) => async (request) => {
    const { method, params } = request;
    if (method === 'tools/call' && !mayUse(String(params['name']))) throw deniedTool(server, String(params['name']));
    const result = await next(request);
    return method === 'tools/list' ? withoutDenied(result, mayUse) : result;
  };
}

/** Whether these lists let a tool be used. */
export function isAllowed({ allow, deny = [] }: Pick<HubPolicy, 'allow' | 'deny'>, tool: string): boolean {
  return (allow === undefined || matchesAny(allow, tool)) && !matchesAny(deny, tool);
}

/** What is no list of tools is left to the check of the answer. */
function withoutDenied(result: unknown, mayUse: (tool: string) => boolean): unknown {
  if (!isObject(result) || !Array.isArray(result['tools'])) return result;
  const mayStay = (tool: unknown): boolean =>
    !isObject(tool) || typeof tool['name'] !== 'string' || mayUse(tool['name']);
  return { ...result, tools: result['tools'].filter(mayStay) };
}

function hasPolicy(server: HubServer): server is HubPolicy & { target: Target } {
  return typeof server === 'object' && 'target' in server;
}
