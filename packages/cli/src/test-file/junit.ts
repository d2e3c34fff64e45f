import { sanitizeLine } from '../output/sanitize.ts';
import { formatProblem, totalsOf, type CaseReport, type FileReport } from './report.ts';

/** How every report of ours begins. */
export const junitHead = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mcp test"';

/** A report as CI systems read it: a suite for each file, a case for each test. */
export function formatJunit(files: readonly FileReport[]): string {
  const suites = files.map(({ file, tests }) => {
    const cases = tests.map((test) => formatCase(file, test)).join('');
    const skipped = ` skipped="${totalsOf(tests).skipped}"`;
    return `  <testsuite name="${escapeXml(file)}"${counts(tests)}${skipped}>\n${cases}  </testsuite>\n`;
  });
  return `${junitHead}${counts(files.flatMap(({ tests }) => tests))}>\n${suites.join('')}</testsuites>\n`;
}

function counts(tests: readonly CaseReport[]): string {
  const { failed } = totalsOf(tests);
  const time = tests.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return ` tests="${tests.length}" failures="${failed}" errors="0" time="${seconds(time)}"`;
}

function formatCase(file: string, { name, outcome, durationMs, problems }: CaseReport): string {
  const open = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(file)}" time="${seconds(durationMs)}"`;
  if (outcome === 'passed') return `${open}/>\n`;
  if (outcome === 'skipped') return `${open}>\n      <skipped/>\n    </testcase>\n`;
  const [first] = problems; // Some CI systems read one failure of a test: its text has them all.
  const details = escapeXml(problems.flatMap(formatProblem).join('\n'));
  const message = escapeXml(sanitizeLine(first?.message ?? ''));
  const failure = `<failure type="${first?.expectation ?? ''}" message="${message}">${details}</failure>`;
  return `${open}>\n      ${failure}\n    </testcase>\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML 1.0, which has no words for most control characters, and none for half a character. */
function escapeXml(text: string): string {
  const known = text.toWellFormed().replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
  // eslint-disable-next-line no-control-regex -- control characters are what it is for
  return known.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
