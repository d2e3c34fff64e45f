// Every check of behaviour, one after the other; a failure does not hide the ones after it.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const report = 'temp/vitest.json';

const steps = [
  {
    title: 'Tests: each file, whole commands, architecture, packages as installed, README code',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    count: countTests,
  },
  { title: 'Conformance: the official MCP suite plays the server', command: ['node', 'test/conformance/run.mjs'] },
  { title: 'Browser: the packages in Chromium, as a page and in a worker', command: ['node', 'test/browser/run.mjs'] },
  { title: 'Soak: calls through a network that breaks, short', command: ['node', 'bench/soak.mjs', '--short'] },
  { title: 'Storm: 200 clients come back one by one, short', command: ['node', 'bench/storm.mjs', '--short'] },
  { title: 'Examples: each story runs to its end', command: ['node', 'scripts/examples.mjs'] },
];

rmSync(report, { force: true });
const outcomes = steps.map(({ title, command: [program, ...args], count = countStep }) => {
  console.log(`\n▸ ${title}`);
  const { status } = spawnSync(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  return count(status === 0);
});

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function countStep(succeeded) {
  return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Counts the tests in the report; a file that could not even be loaded fails the run without a failed test. */
function countTests(succeeded) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: succeeded ? 0 : Math.max(numFailedTests, 1) };
  } catch {
    return countStep(false);
  }
}
