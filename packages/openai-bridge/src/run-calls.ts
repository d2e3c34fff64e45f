import { isMcpError, type JsonObject, type Progress } from '@toolwire/client-core';
import { readArguments } from './arguments.ts';
import type { RunSettings } from './bridge-options.ts';
import type { CatalogTool } from './catalog.ts';
import type { BridgeEvent, StartedToolRun, ToolRun } from './events.ts';
import { mapLimited } from './map-limited.ts';
import { orAbort } from './or-abort.ts';
import type { CallResult } from './results.ts';
import type { Toolbox } from './toolbox.ts';
import type { ModelCall, OpenAIApi } from './types.ts';

/** What calls are made with. */
export interface CallContext {
  readonly toolbox: Pick<Toolbox<OpenAIApi>, 'find' | 'answerFinder'>;
  readonly settings: RunSettings;
  readonly signal: AbortSignal;
  readonly emit: (event: BridgeEvent<never>) => void;
}

/** A call that may be made: its arguments fit, and nobody has declined it. */
interface ReadyCall {
  readonly entry: CatalogTool;
  readonly started: StartedToolRun & { readonly args: JsonObject };
}

/**
 * Makes the calls of one turn: checked and approved one after the other, run side by side. Whatever comes of a call is
 * an answer for the model; only an abort, or an `approve` that throws, rejects.
 */
export async function runCalls(calls: readonly ModelCall[], context: CallContext): Promise<ToolRun[]> {
  const prepared: (ToolRun | ReadyCall)[] = [];
  for (const call of calls) prepared.push(await prepare(call, context));
  return mapLimited(prepared, context.settings.maxParallel ?? 8, async (next) => {
    const run = 'outcome' in next ? next : await callTool(next, context);
    context.emit({ type: 'toolEnd', run });
    return run;
  });
}

/** What to tell the model: the parts of a `parallel` call answer it together. */
export function resultsOf(calls: readonly ModelCall[], made: readonly ToolRun[]): CallResult[] {
  return made.map(({ id, name, result }, index) => ({ id: calls[index]?.parentId ?? id, name, result }));
}

async function prepare(call: ModelCall, context: CallContext): Promise<ToolRun | ReadyCall> {
  const { toolbox, settings, signal, emit } = context;
  const { id, name } = call;
  const entry = toolbox.find(name);
  const read = entry && readArguments(call.arguments, entry.converted, entry.tool.inputSchema);
  const args = read !== undefined && 'args' in read ? read.args : undefined;
  const started = { id, name, server: entry?.server, tool: entry?.tool.name, args };
  emit({ type: 'toolStart', run: started });

  const found = toolbox.answerFinder(call);
  if (found !== undefined) return { ...started, outcome: 'answered', result: found };
  if (entry === undefined) return { ...started, outcome: 'refused', result: `Not called: there is no tool "${name}".` };
  if (read !== undefined && 'error' in read) return { ...started, outcome: 'refused', result: read.error };
  const ready = { entry, started: { ...started, args: args ?? {} } };
  const request = { id, server: entry.server, tool: entry.tool, args: args ?? {}, signal };
  const approval = await orAbort(settings.approve?.(request) ?? true, signal);
  return approval === true ? ready : { ...started, outcome: 'declined', result: declined(approval) };
}

async function callTool({ entry, started }: ReadyCall, context: CallContext): Promise<ToolRun> {
  const { settings, signal, emit } = context;
  const { id, args } = started;
  try {
    const onProgress = (progress: Progress): void => emit({ type: 'toolProgress', id, progress });
    const calling = entry.caller.callTool(entry.tool.name, args, { ...settings.call, signal, onProgress });
    const result = await orAbort(calling, signal);
    return { ...started, outcome: result.isError ? 'tool-error' : 'answered', result };
  } catch (error) {
    signal.throwIfAborted();
    return { ...started, outcome: 'failed', result: failure(error), error };
  }
}

function declined(reason: string | false): string {
  const why = reason === false || reason === '' ? '' : `: ${reason}`;
  return `Not called: the user has declined this call${why}. Do not try it again unless you are asked to.`;
}

function failure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const mayHaveRun = isMcpError(error) && error.delivered === 'unknown';
  return `The call failed: ${message}${mayHaveRun ? '\nIt may have taken effect: look before you call it again.' : ''}`;
}
