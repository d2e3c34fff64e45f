// Runs the packages in a real browser, as a page and, minified, in a worker: `npm run test:browser`.
import { buildIfChanged } from '../../scripts/build-if-changed.mjs';
import { bundle } from './bundle.mjs';
import { installChromium, startChromium } from './chromium.mjs';
import { isExpectedNoise } from './noise.mjs';
import { servePages } from './page-server.mjs';
import { startServers } from './servers.mjs';
import { timelineFailures } from './timeline.mjs';

/** Where the program runs: which bundle at which address, and how to reach it there. */
const passes = [
  { name: 'page', minify: false, path: '', programIn: async (page) => page },
  {
    name: 'worker, minified',
    minify: true,
    path: 'in-worker',
    programIn: async (page) => page.workers()[0] ?? page.waitForEvent('worker'),
  },
];

process.exitCode = await main();

async function main() {
  const missing = installChromium();
  if (missing !== undefined) {
    console.log(`${process.env.CI ? 'FAIL' : 'skipped'}: no browser to test in: ${missing}`);
    return process.env.CI ? 1 : 0;
  }
  if (!buildIfChanged()) return 1;
  const outcomes = await runAll();
  const passed = outcomes.filter(Boolean).length;
  console.log(`${passed} passed, ${outcomes.length - passed} failed`);
  return passed === outcomes.length ? 0 : 1;
}

async function runAll() {
  const outcomes = [];
  const bundles = {};
  for (const [index, { name, minify }] of passes.entries()) {
    const { files, faults } = await bundle({ minify });
    bundles[index] = files;
    outcomes.push(report(name, 'the bundle needs nothing of Node', faults));
  }
  const signed = await signWithNode();
  await using stack = new AsyncDisposableStack();
  const servers = stack.adopt(await startServers(), ({ close }) => close());
  const posts = { '/control': (words) => servers.control(...words), '/signed': () => signed };
  const pages = stack.adopt(await servePages(bundles, posts), ({ close }) => close());
  const { context } = stack.adopt(await startChromium(), ({ close }) => close());
  const urls = { ...servers.urls, stranger: pages.url.replace('127.0.0.1', 'localhost') };
  for (const [index, pass] of passes.entries())
    outcomes.push(...(await runPass(pass, await context.newPage(), `${pages.url}/${index}/`, urls)));
  const failures = await timelineFailures(await context.newPage());
  outcomes.push(report('page', 'the picture of a run of a pipeline', failures));
  return outcomes;
}

/** Runs every check, those that kill servers last and at the same time; then looks at what the browser had to say. */
async function runPass({ name, path, programIn }, page, address, urls) {
  const noise = listenTo(page, urls);
  await page.goto(address + path);
  const program = await programIn(page);
  await until(program, () => 'browserChecks' in globalThis);
  const checks = await program.evaluate(() => globalThis.browserChecks.list());
  const run = async ({ title }) => {
    const running = program.evaluate((given) => globalThis.browserChecks.run(...given), [title, urls]);
    const failure = await running.catch((error) => error.message);
    return report(name, title, failure === undefined ? [] : [failure]);
  };
  const outcomes = [];
  for (const check of checks.filter(({ isDisruptive }) => !isDisruptive)) outcomes.push(await run(check));
  outcomes.push(...(await Promise.all(checks.filter(({ isDisruptive }) => isDisruptive).map(run))));
  await page.close();
  return [...outcomes, report(name, 'no error on the console, nothing uncaught', noise)];
}

/** Collects errors on the console, and whatever was thrown and not caught. */
function listenTo(page, urls) {
  const noise = [];
  page.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !isExpectedNoise(message, urls)) noise.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => noise.push(String(error.stack ?? error)));
  return noise;
}

/** A signed body, and the secret to verify it with. */
async function signWithNode() {
  const { generateSecret, signWebhook } = await import('@toolwire/webhooks'); // Only now it is built.
  const secret = generateSecret();
  const body = JSON.stringify({ type: 'greeting', to: 'Ada' });
  return { secret, body, headers: await signWebhook(body, { id: 'msg_1', secrets: secret }) };
}

async function until(program, condition) {
  for (let attempt = 1; !(await program.evaluate(condition)); attempt += 1) {
    if (attempt === 200) throw new Error('The program did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Prints one line, and the failures if there are any; true when there are none. */
function report(where, title, failures) {
  console.log(`${failures.length === 0 ? 'pass' : 'FAIL'}  ${where}: ${title}`);
  for (const failure of failures) console.log(failure.replaceAll(/^/gm, '      '));
  return failures.length === 0;
}
