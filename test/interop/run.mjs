// Tries our packages with servers that others have written: `npx node test/interop/run.mjs [NAME…]`. MCP servers get the
// same verbs over WebSocket, a web framework gets webhooks.
// Each server is installed from its registry into temp/interop first, and ended afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as contextForge from './servers/context-forge.mjs';
import * as next from './servers/next.mjs';
import * as pythonSdk from './servers/python-sdk.mjs';
import * as supergateway from './servers/supergateway.mjs';

/** What a server of the table can do: `install()`, then `start()` for what its `script` (`verbs.mjs`) reads, and `close`. */
const servers = { supergateway, 'python-sdk': pythonSdk, 'context-forge': contextForge, next };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(servers, name));
if (unknown.length > 0)
  throw new Error(`no server ${unknown.join(', ')}; there are ${Object.keys(servers).join(', ')}`);

let failed = 0;
for (const [name, server] of Object.entries(servers)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const outcome = await run(server).then(
    (passed) => `pass  ${server.title}: ${passed}`,
    (error) => {
      failed += 1;
      return `FAIL  ${server.title}: ${error.stack}`;
    },
  );
  console.log(outcome);
}
process.exitCode = failed === 0 ? 0 : 1;

async function run({ install, start, script = 'verbs.mjs', verbs }) {
  await install();
  const { close, ...server } = await start();
  try {
    return await runScript(script, { ...server, verbs });
  } finally {
    await close();
  }
}

/** In a process of its own, which reads our sources. */
async function runScript(name, input) {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@toolwire/source', script, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(output);
  return output.trim().split('\n').join(', ');
}
