import type { BridgeEvent, StartedToolRun, ToolRun } from '@toolwire/openai-bridge';
import { print, type Io } from '../io.ts';
import { safeJson, sanitize, sanitizeLine } from '../output/sanitize.ts';
import { writtenName } from './server-tools.ts';

/** Shows a run as it goes: what the model says on stdout, what it calls on stderr. */
export interface RunPrinter {
  print(event: BridgeEvent<unknown>): Promise<void>;
  /** Resolves once it is shown that this call begins: a question about it comes after that. */
  begun(id: string): Promise<void>;
}

export function runPrinter({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): RunPrinter {
  const shown = new Set<string>();
  const onShown = new Map<string, () => void>();
  let isInLine = false;

  async function say(text: string): Promise<void> {
    isInLine = !text.endsWith('\n');
    await print(stdout, sanitize(text));
  }

  async function printEvent(event: BridgeEvent<unknown>): Promise<void> {
    if (event.type === 'text' || event.type === 'refusal') return say(event.delta);
    const line = lineOf(event);
    // What a call says stands on a line of its own, on a terminal that shows both outputs.
    if (isInLine && (line !== undefined || event.type === 'done')) await say('\n');
    if (line !== undefined) await print(stderr, `${line}\n`);
    if (event.type !== 'toolStart') return;
    shown.add(event.run.id);
    onShown.get(event.run.id)?.();
  }

  return {
    print: printEvent,
    begun: (id) => (shown.has(id) ? Promise.resolve() : new Promise((resolve) => onShown.set(id, resolve))),
  };
}

function lineOf(event: BridgeEvent<unknown>): string | undefined {
  if (event.type === 'toolStart') return started(event.run);
  return event.type === 'toolEnd' ? ended(event.run) : undefined;
}

function started({ server, tool, name, args }: StartedToolRun): string {
  return `→ ${toolName({ server, tool, name })} ${args === undefined ? '' : safeJson(args, 0)}`.trimEnd();
}

function ended(run: ToolRun): string {
  const { outcome, result } = run;
  const text = typeof result === 'string' ? result : result.text();
  const what = outcome === 'answered' ? `${text.length} characters` : `${outcome}: ${sanitizeLine(text).slice(0, 200)}`;
  return `← ${toolName(run)} ${what}`;
}

function toolName({ server, tool, name }: Pick<ToolRun, 'server' | 'tool' | 'name'>): string {
  return sanitizeLine(tool === undefined ? name : writtenName({ server, tool }));
}
