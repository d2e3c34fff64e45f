import { safeJson, sanitize, sanitizeLine } from '../output/sanitize.ts';
import { diffLines } from './diff-lines.ts';
import type { Problem } from './expectations.ts';

/** What came of one test. */
export interface CaseReport {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly problems: readonly Problem[];
}

/** What came of the tests of one file. */
export interface FileReport {
  readonly file: string;
  readonly tests: readonly CaseReport[];
}

/** How many tests had each outcome. */
export type Totals = Readonly<Record<CaseReport['outcome'], number>>;

/** Counts the outcomes of `tests`. */
export function totalsOf(tests: readonly CaseReport[]): Totals {
  const count = (outcome: CaseReport['outcome']): number => tests.filter((test) => test.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

const labels = { passed: 'ok     ', failed: 'FAILED ', skipped: 'skipped' };

/** A test for people: a line, and below it what is wrong. */
export function formatCase({ name, outcome, durationMs, problems }: CaseReport): string {
  const time = outcome === 'skipped' ? '' : `  ${Math.round(durationMs)} ms`;
  const lines = [
    `  ${labels[outcome]}  ${sanitizeLine(name)}${time}`,
    ...problems.flatMap(formatProblem).map((line) => `           ${line}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A problem in lines, with the difference where there is one to show. */
export function formatProblem({ expectation, message, ...difference }: Problem): readonly string[] {
  const diff = 'expected' in difference ? diffLines(spell(difference.expected), spell(difference.actual)) : [];
  return [sanitizeLine(`${expectation}: ${message}`), ...(diff.length > 2 ? diff.map(sanitize) : [])];
}

function spell(value: unknown): string {
  return typeof value === 'string' ? value : safeJson(value, 2);
}
