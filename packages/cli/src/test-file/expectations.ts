import { findSchemaViolation, isMcpError, ToolResult, type JsonObject } from '@toolwire/client-core';
import { parseDuration } from '../duration.ts';
import { parsePath, pickAt } from '../output/pick.ts';
import { describeFailure } from '../output/failure.ts';
import { isMatcher, match, patternOf, type Match, type Mismatch } from './match.ts';

/** What a test expects of an answer; an error, or a result that reports one, fails a test that does not expect it. */
export interface Expectations {
  /** The text of a tool's result. */
  readonly text?: Match;
  /** Values by their paths, as for `--pick`, in the structured content, or in a text that is JSON. */
  readonly structured?: Readonly<Record<string, unknown>>;
  /** A JSON Schema for the same. */
  readonly schema?: unknown;
  /** Whether the tool reports an error. Default false. */
  readonly isError?: boolean;
  /** A failure of the call: its code, the number of JSON-RPC or a word such as `timeout`. */
  readonly error?: string | number | { readonly code?: string | number; readonly message?: Match };
  /** The longest time that it may take. */
  readonly within?: string | number;
}

/** What came of a call. */
export interface Answer {
  readonly result?: ToolResult | JsonObject;
  readonly error?: unknown;
  readonly durationMs: number;
}

/** One way in which an answer is not what was expected. */
export interface Problem extends Mismatch {
  /** The expectation that was not met. */
  readonly expectation: keyof Expectations;
}

/** Throws for a path, a pattern or a time that cannot be read. */
export function checkPatterns({ text, structured = {}, error, within }: Expectations): void {
  for (const path of Object.keys(structured)) parsePath(path);
  const message = typeof error === 'object' ? error.message : undefined;
  for (const wanted of [text, message, ...Object.values(structured)]) {
    if (isMatcher(wanted) && wanted.matches !== undefined) patternOf(wanted.matches);
  }
  if (within !== undefined) parseDuration(String(within), 'within');
}

/** Everything that is wrong with an answer. */
export function findProblems(answer: Answer, expected: Expectations): readonly Problem[] {
  const late = lateness(answer, expected);
  const others =
    expected.error === undefined ? resultProblems(answer, expected) : errorProblems(answer, expected.error);
  return [...others, ...late];
}

function resultProblems({ result, error }: Answer, expected: Expectations): readonly Problem[] {
  if (result === undefined) return [{ expectation: 'error', message: `the call failed: ${describe(error)}` }];
  const { isError = false } = expected;
  const text = textOf(result);
  if ((result['isError'] === true) !== isError) {
    const message = isError ? 'the tool reports no error' : `the tool reports an error: ${text}`;
    return [{ expectation: 'isError', message }];
  }
  const mismatch = expected.text === undefined ? undefined : match(text, expected.text);
  return [
    ...(mismatch === undefined ? [] : [{ expectation: 'text' as const, ...mismatch }]),
    ...dataProblems(result, expected),
  ];
}

function dataProblems(result: ToolResult | JsonObject, { structured = {}, schema }: Expectations): readonly Problem[] {
  if (schema === undefined && Object.keys(structured).length === 0) return [];
  const data = dataOf(result);
  const values = Object.entries(structured).flatMap(([path, wanted]): readonly Problem[] => {
    const mismatch = match(pickAt(data, parsePath(path)), wanted);
    if (mismatch === undefined) return [];
    return [{ expectation: 'structured', ...mismatch, message: `${path}: ${mismatch.message}` }];
  });
  const violation = schema === undefined ? undefined : findSchemaViolation(schema, data);
  return violation === undefined ? values : [...values, { expectation: 'schema', message: violation.message }];
}

function errorProblems({ result, error }: Answer, expected: NonNullable<Expectations['error']>): readonly Problem[] {
  if (result !== undefined) return [{ expectation: 'error', message: `the call did not fail: ${textOf(result)}` }];
  const { code, message } = typeof expected === 'object' ? expected : { code: expected, message: undefined };
  const problems: Mismatch[] = [];
  if (code !== undefined && !codesOf(error).includes(code))
    problems.push({ message: `expected the code ${code}, got ${codesOf(error).join(', ')}: ${describe(error)}` });
  const mismatch = message === undefined ? undefined : match(describe(error), message);
  if (mismatch !== undefined) problems.push(mismatch);
  return problems.map((problem) => ({ expectation: 'error', ...problem }));
}

function lateness({ durationMs }: Answer, { within }: Expectations): readonly Problem[] {
  if (within === undefined || durationMs <= parseDuration(String(within), 'within')) return [];
  return [{ expectation: 'within', message: `it took ${Math.round(durationMs)} ms, and not ${within} at most` }];
}

function textOf(result: ToolResult | JsonObject): string {
  return result instanceof ToolResult ? result.text() : JSON.stringify(result);
}

/** What `--pick` looks into. */
function dataOf(result: ToolResult | JsonObject): unknown {
  if (!(result instanceof ToolResult)) return result;
  try {
    return result.json();
  } catch {
    return undefined;
  }
}

function codesOf(error: unknown): readonly (string | number)[] {
  const cause = error instanceof Error && error.name === 'ServerFailure' ? error.cause : error;
  const rpcCode = isMcpError(cause) && 'rpcCode' in cause ? cause.rpcCode : undefined;
  return [...(typeof rpcCode === 'number' ? [rpcCode] : []), describeFailure(error).code];
}

function describe(error: unknown): string {
  return describeFailure(error).message;
}
