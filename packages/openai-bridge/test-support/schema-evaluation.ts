import { isDeepStrictEqual } from 'node:util';
import { judgeOf, type Judge } from './schema-judge.ts';
import type { ListedTool } from './schema-corpus.ts';
import { cannotWrite, writeArguments } from './schema-model.ts';
import { mutated } from './schema-mutations.ts';
import { seeded, type Random } from './schema-random.ts';
import { NoValue, randomValue, type Amount } from './schema-values.ts';
import { readArguments } from '../src/arguments.ts';
import { checkOpenAITool } from '../src/check-openai-tool.ts';
import { toOpenAITool } from '../src/to-openai-tool.ts';
import type { ConvertedTool, StrictMode, ToOpenAIToolOptions } from '../src/types.ts';

/** What converting some tools came to; the lists name what went wrong. */
export interface Evaluation {
  tools: number;
  strict: number;
  brokenRules: string[];
  /** Tools that no valid arguments were found for. */
  unreached: string[];
  valid: number;
  refused: string[];
  invalid: number;
  letThrough: string[];
  /** Tools that had to be judged by our own validator. */
  judgedByUs: number;
}

type Json = Record<string, unknown>;

const amounts: readonly Amount[] = ['least', 'some', 'all'];
const mutationsEach = 3;

/** Converts each tool and sends generated arguments through it, as a model would write them, and back. */
export function evaluate(tools: readonly ListedTool[], strict: StrictMode): Evaluation {
  const found: Evaluation = {
    tools: tools.length,
    strict: 0,
    brokenRules: [],
    unreached: [],
    valid: 0,
    refused: [],
    invalid: 0,
    letThrough: [],
    judgedByUs: 0,
  };
  for (const [index, tool] of tools.entries()) {
    const api = index % 2 === 0 ? 'chat' : 'responses';
    evaluateTool(tool, { api, strict }, seeded(index + 1), found);
  }
  return found;
}

function evaluateTool(tool: ListedTool, options: ToOpenAIToolOptions, random: Random, found: Evaluation): void {
  const converted = toOpenAITool(tool, options);
  found.strict += converted.strict ? 1 : 0;
  const violations = checkOpenAITool(converted.tool, options);
  found.brokenRules.push(...violations.map(({ rule, path }) => `${tool.name}: ${rule} at ${path}`));
  const judge = judgeOf(tool.inputSchema);
  found.judgedByUs += judge.isIndependent ? 0 : 1;
  const values = validArguments(tool.inputSchema, judge, random);
  if (values.length === 0) found.unreached.push(tool.name);
  for (const args of values) {
    found.valid += 1;
    const fault = refusal(args, tool, converted);
    if (fault !== undefined) found.refused.push(`${tool.name}: ${fault}: ${JSON.stringify(args)}`);
    for (const wrong of invalidArguments(args, judge, random)) {
      found.invalid += 1;
      const read = readArguments(textFor(converted, wrong), converted, tool.inputSchema);
      if ('args' in read && !judge.fits(read.args)) found.letThrough.push(`${tool.name}: ${JSON.stringify(wrong)}`);
    }
  }
}

function validArguments(schema: unknown, judge: Judge, random: Random): Json[] {
  const values = amounts.map((amount) => {
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const value = attemptValue(schema, random, amount);
      if (value !== undefined && judge.fits(value)) return value;
    }
    return undefined;
  });
  return values.filter((value) => value !== undefined);
}

function attemptValue(schema: unknown, random: Random, amount: Amount): Json | undefined {
  try {
    const value: unknown = asJson(randomValue(schema, random, amount));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function invalidArguments(args: Json, judge: Judge, random: Random): Json[] {
  const candidates = Array.from({ length: mutationsEach }, () => asJson(mutated(args, random)));
  return candidates.filter(
    (value): value is Json =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && !judge.fits(value),
  );
}

function refusal(args: Json, tool: ListedTool, converted: ConvertedTool): string | undefined {
  try {
    const written = writeArguments(parametersOf(converted), args, converted.strict);
    const read = readArguments(JSON.stringify(written), converted, tool.inputSchema);
    if ('error' in read) return read.error;
    return isSameFor(tool.inputSchema, read.args, args) ? undefined : `it became ${JSON.stringify(read.args)}`;
  } catch (error) {
    if (error === cannotWrite) return cannotWrite.message;
    throw error;
  }
}

// A null that is the default is the same as none.
function isSameFor(schema: unknown, one: Json, other: Json): boolean {
  if (isDeepStrictEqual(one, other)) return true;
  return JSON.stringify(schema).includes('"default":null') && isDeepStrictEqual(withoutNulls(one), withoutNulls(other));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

// A model that is held to the schema writes what fits it; one that is not may write anything.
function textFor(converted: ConvertedTool, args: Json): string {
  try {
    return JSON.stringify(writeArguments(parametersOf(converted), args, converted.strict));
  } catch {
    return JSON.stringify(args);
  }
}

function parametersOf({ tool }: ConvertedTool): Json {
  return 'function' in tool ? tool.function.parameters : tool.parameters;
}
