// Runs the same verbs over WebSocket against servers that others have written: `npx node test/interop/run.mjs [NAME…]`.
// Each server is installed from its registry into temp/interop first, and ended afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as contextForge from './servers/context-forge.mjs';
import * as pythonSdk from './servers/python-sdk.mjs';
import * as supergateway from './servers/supergateway.mjs';

/** What a server of the table can do: `install()`, then `start()` for `{ url, headers?, prefix?, close }`. */
const servers = { supergateway, 'python-sdk': pythonSdk, 'context-forge': contextForge };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(servers, name));
if (unknown.length > 0)
  throw new Error(`no server ${unknown.join(', ')}; there are ${Object.keys(servers).join(', ')}`);

let failed = 0;
for (const [name, server] of Object.entries(servers)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const outcome = await run(server).then(
    (verbs) => `pass  ${server.title}: ${verbs}`,
    (error) => {
      failed += 1;
      return `FAIL  ${server.title}: ${error.stack}`;
    },
  );
  console.log(outcome);
}
process.exitCode = failed === 0 ? 0 : 1;

async function run(server) {
  await server.install();
  const running = await server.start();
  try {
    return await runVerbs(running, server.verbs);
  } finally {
    await running.close();
  }
}

/** In a process of its own, which reads our sources. */
async function runVerbs({ url, headers = {}, prefix = '' }, verbs) {
  const script = fileURLToPath(new URL('verbs.mjs', import.meta.url));
  const input = JSON.stringify({ url, headers, prefix, verbs });
  const child = spawn(process.execPath, ['--conditions=@toolwire/source', script, input], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(output);
  return output.trim().split('\n').join(', ');
}
