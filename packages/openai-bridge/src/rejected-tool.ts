import type { CatalogTool } from './catalog.ts';

/** The fields of an OpenAI error that say what was wrong with a request. */
interface RequestFault {
  readonly status?: unknown;
  readonly message?: unknown;
}

/** The tool that the API names as the reason for not taking a request (400), if it names one of ours. */
export function rejectedTool<Entry extends CatalogTool>(
  error: unknown,
  offered: readonly Entry[],
): { readonly entry: Entry; readonly reason: string } | undefined {
  const { status, message } = (typeof error === 'object' && error !== null ? error : {}) as RequestFault;
  if (status !== 400 || typeof message !== 'string') return undefined;
  // "Invalid schema for function 'NAME': …", as every implementation of the API words it.
  const [, name] = /\bfunction ['"`]([\w-]{1,128})['"`]/.exec(message) ?? [];
  const entry = offered.find((tool) => tool.name === name);
  return entry && { entry, reason: message };
}
