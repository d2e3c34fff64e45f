import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { printJson } from '../output/json.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { openJunit } from '../test-file/junit-file.ts';
import { formatCase, totalsOf, type CaseReport, type FileReport } from '../test-file/report.ts';
import { prepareTests, type RunTest } from '../test-file/run-tests.ts';
import { readTestFile, titleOf, type TestCase } from '../test-file/test-file.ts';

/** `mcp test FILE…`: calls what the files say and compares the answers with what they expect. */
export async function test(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const { output, json, pick, own } = settings;
  if (pick !== undefined || (output !== 'human' && output !== 'json'))
    throw new CliError('usage', 'mcp test prints a report: only --json fits', 'For CI systems: --junit FILE');
  const writeJunit = await openJunit(own.last('junit'), own.has('force'), io);
  const plans = await readPlans(context);

  const reports: FileReport[] = [];
  for (const { file, tests, runTest } of plans) {
    if (!json) await print(io.stdout, `${sanitizeLine(file)}\n`);
    const done: CaseReport[] = [];
    for (const each of tests) {
      const report = await runTest(each);
      done.push(report);
      if (!json) await print(io.stdout, formatCase(report));
    }
    reports.push({ file, tests: done });
  }
  const totals = totalsOf(reports.flatMap(({ tests }) => tests));
  if (json) await printJson(io.stdout, { ...totals, files: reports });
  else await print(io.stdout, `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
  await writeJunit(reports);
  context.servers.countAnew(); // Whether a question was declined is for the tests to judge.
  return totals.failed > 0 ? 1 : 0;
}

interface Plan {
  readonly file: string;
  readonly tests: readonly TestCase[];
  readonly runTest: RunTest;
}

/** Every file is read before the first test runs: a typo in the last one stops them all. */
async function readPlans(context: CommandContext): Promise<readonly Plan[]> {
  const { line, settings, io } = context;
  const wanted = settings.own.last('filter')?.toLowerCase() ?? '';
  const plans: Plan[] = [];
  for (const file of line.operands) {
    const content = await readTestFile(file, io);
    const tests = content.tests.filter((each) => titleOf(each).toLowerCase().includes(wanted));
    const runTest = await prepareTests(file, { ...content, tests }, context);
    if (tests.length > 0) plans.push({ file, tests, runTest });
  }
  if (plans.length > 0) return plans;
  throw new CliError('nothing-found', wanted === '' ? 'There are no tests' : `No test has "${wanted}" in its name`);
}
