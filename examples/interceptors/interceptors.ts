import type { Interceptor } from '@toolwire/client-core';

/** Answers a tool call that was made before from memory: for tools that only look something up. */
export function rememberCalls(): Interceptor {
  const remembered = new Map<string, unknown>();
  return (next) => async (request) => {
    if (request.method !== 'tools/call') return next(request);
    const key = JSON.stringify(request.params);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const result = await next(request);
    remembered.set(key, result);
    return result;
  };
}

/** Sends a header with every call: made anew each time, so that it may be a token that expires. */
export function addHeader(name: string, value: () => string | Promise<string>): Interceptor {
  return (next) => async (request) => {
    const headers = { ...request.options.headers, [name]: await value() };
    return next({ ...request, options: { ...request.options, headers } });
  };
}
