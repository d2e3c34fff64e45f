import { isMcpError, type Tool } from '@toolwire/client-core';
import { propertiesOf } from './arguments/schema.ts';
import { guessOwnFlags, readToolTokens, type Entry } from './arguments/tool-tokens.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './context.ts';
import { findItem } from './find-item.ts';
import { formatSignature } from './output/tool-usage.ts';
import { isUsable, readSettings, type OwnFlag, type Settings } from './own-flags.ts';
import type { ItemKind } from './server-items.ts';
import { ServerFailure } from './server-failure.ts';
import type { OpenServer } from './servers.ts';
import { resolveTargets } from './targets.ts';

const leastConnectMs = 3_000;

/** Our flags with values that lead to the server. */
const guides: readonly string[] = ['config', 'header', 'ca', 'lock'];

/** What is called and how it is written: a tool, or a prompt in the shape of one. */
export interface Callable {
  readonly words: 'tools call' | 'prompts get' | 'bench';
  readonly kind: ItemKind<Tool>;
}

/** A call as it was written, once the tool's schema has told its words apart from ours. */
export interface Call {
  readonly server: OpenServer;
  readonly tool: Tool;
  readonly entries: readonly Entry[];
  readonly settings: Settings;
  readonly wantsHelp: boolean;
}

/**
 * Finds what `mcp tools call NAME …` calls and reads the words after its name. Which server to ask must be known before
 * its schema can say whose word `--config` is: it is first taken for ours, and given back if the tool has such a property.
 */
export async function readCall(callable: Callable, context: CommandContext): Promise<Call> {
  const guessed = guessOwnFlags(context.line.toolTokens, context.line.words[0]).filter(isUsable);
  const unguided = guessed.filter(({ name }) => !guides.includes(name));
  if (unguided.length === guessed.length) return readWith(guessed, callable, context);
  try {
    const call = await readWith(guessed, callable, context);
    return wasMisled(guessed, call) ? await readWith(unguided, callable, context) : call;
  } catch (error) {
    const second = mayBeMisled(error) ? await readWith(unguided, callable, context).catch(() => undefined) : undefined;
    if (second === undefined || !wasMisled(guessed, second)) throw error;
    return second;
  }
}

async function readWith(guessed: readonly OwnFlag[], callable: Callable, context: CommandContext): Promise<Call> {
  const { line, io, report } = context;
  const settings = guessSettings(line.flags, guessed);
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const [name = ''] = line.operands;
  const { server, item: tool } = await findItem(callable.kind, name, targets, { ...context, settings });
  const schema = tool.inputSchema;
  const isOurs = ({ name: flag, written }: OwnFlag): boolean => written === '-h' || !claims(schema, flag);
  const ours = guessed.filter(isOurs);
  report.asJson = readSettings([...line.flags, ...ours]).json;
  const wantsHelp = ours.some((flag) => flag.name === 'help');
  if (wantsHelp) return { server, tool, entries: [], settings, wantsHelp };
  return withSignature(callable.words, tool, () => {
    const { entries, flags } = readToolTokens(line.toolTokens, schema, line.words[0]);
    return { server, tool, entries, settings: readSettings([...line.flags, ...flags]), wantsHelp };
  });
}

/** A bare `--timeout 5` may be the tool's, so it must not cut the connection short before its schema is known. */
function guessSettings(given: readonly OwnFlag[], guessed: readonly OwnFlag[]): Settings {
  const settings = readSettings([...given, ...guessed]);
  const isBare = guessed.some(({ name, value = '' }) => name === 'timeout' && /^\d+$/.test(value));
  if (!isBare || settings.timeoutMs === undefined) return settings;
  return { ...settings, timeoutMs: readSettings(given).timeoutMs ?? Math.max(settings.timeoutMs, leastConnectMs) };
}

/** Adds the tool's signature to what was wrong with its arguments. */
function withSignature<T>(words: Callable['words'], tool: Tool, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw explained(words, tool, error);
  }
}

/** `error` with the tool's signature in its hint, when it is about the way the tool was called. */
export function explained(words: Callable['words'], tool: Tool, error: unknown): unknown {
  if (!(error instanceof CliError) || (error.code !== 'usage' && error.code !== 'arguments-invalid')) return error;
  const lines = [error.hint, `Usage: ${formatSignature(tool, words)}`].filter((line) => line !== undefined);
  return new CliError(error.code, error.message, lines.join('\n'));
}

/** Whether a flag that chose the server turned out to be the tool's. */
function wasMisled(guessed: readonly OwnFlag[], { tool }: Call): boolean {
  return guessed.some(({ name }) => guides.includes(name) && claims(tool.inputSchema, name));
}

function mayBeMisled(failure: unknown): boolean {
  const error = failure instanceof ServerFailure ? failure.cause : failure;
  if (error instanceof CliError) return ['config-missing', 'unknown-server', 'usage'].includes(error.code);
  return isMcpError(error) && error.code === 'config-invalid';
}

function claims(schema: unknown, name: string): boolean {
  return propertiesOf(schema, schema).has(name);
}
