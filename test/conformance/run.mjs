// Runs every client scenario of the official conformance suite that is not listed in expected-failures.yml.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const suite = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);
const driver = fileURLToPath(new URL('driver.ts', import.meta.url));
const only = process.argv.slice(2);

const scenarios = await listScenarios();
const expectedFailures = await readExpectedFailures(scenarios);
const runs = [...scenarios]
  .filter(([name]) => !expectedFailures.has(name) && (only.length === 0 || only.includes(name)))
  .flatMap(([name, versions]) => versions.map((version) => ({ name, version })))
  // Each revision once as the client is told to speak it, and once as it finds out for itself.
  .flatMap((scenario) =>
    (scenario.version === 'extension' ? [false] : [true, false]).map((told) => ({ ...scenario, told })),
  );

const output = await mkdtemp(join(tmpdir(), 'toolwire-conformance-'));
const outcomes = [];
try {
  const queue = [...runs.entries()];
  await Promise.all(
    Array.from({ length: Math.max(2, availableParallelism()) }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [index, scenario] = next;
        const outcome = await runScenario(scenario, join(output, String(index)));
        outcomes.push(outcome);
        report(scenario, outcome);
      }
    }),
  );
} finally {
  await rm(output, { recursive: true, force: true });
}
const failures = outcomes.filter(({ ok }) => !ok).length;
console.log(`${outcomes.length - failures} passed, ${failures} failed`);
process.exitCode = failures > 0 || outcomes.length === 0 ? 1 : 0;

/** The client scenarios of the suite, with the revisions that each applies to. */
async function listScenarios() {
  const { stdout, stderr } = await run([suite, 'list', '--client']);
  const found = [...stdout.matchAll(/^ {2}- (\S+) \[(.+)\]$/gm)];
  if (found.length === 0) throw new Error(`the suite lists no scenarios:\n${stdout}${stderr}`);
  return new Map(found.map(([, name, versions]) => [name, versions.split(',')]));
}

/** The names in expected-failures.yml: each has to exist, and has to be about OAuth. */
async function readExpectedFailures(known) {
  const text = await readFile(new URL('expected-failures.yml', import.meta.url), 'utf8');
  const names = [...text.matchAll(/^ {2}- (\S+)$/gm)].map(([, name]) => name);
  for (const name of names) {
    if (!known.has(name)) throw new Error(`expected-failures.yml names ${name}, which the suite does not have`);
    if (!name.startsWith('auth/')) throw new Error(`expected-failures.yml names ${name}: only auth scenarios may fail`);
  }
  return new Set(names);
}

/** Runs one scenario. It passes when the suite says so and at least one check succeeded: a client that gives up early fails none. */
async function runScenario({ name, version, told }, directory) {
  const command = `"${process.execPath}" --conditions=@toolwire/source "${driver}"`; // The suite runs it in a shell.
  const args = [
    suite,
    'client',
    '--command',
    command,
    '--scenario',
    name,
    '--timeout',
    '60000',
    '--output-dir',
    directory,
  ];
  if (version !== 'extension') args.push('--spec-version', version);
  const { exitCode, stderr } = await run(args, told ? { TOOLWIRE_PROTOCOL_VERSION: version } : {});
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const results = files.find((file) => file.endsWith('checks.json'));
  const checks = results === undefined ? [] : JSON.parse(await readFile(join(directory, results), 'utf8'));
  const count = (status) => checks.filter((check) => check.status === status).length;
  const counts = { passed: count('SUCCESS'), failed: count('FAILURE') + count('WARNING') };
  return { ...counts, stderr, ok: exitCode === 0 && counts.passed > 0 && counts.failed === 0 };
}

function report({ name, version, told }, { ok, passed, failed, stderr }) {
  console.log(`${ok ? 'pass' : 'FAIL'}  ${name} ${version}${told ? '' : ' auto'}: ${passed} passed, ${failed} failed`);
  if (!ok) console.log(stderr.replaceAll(/^/gm, '      '));
}

function run(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
