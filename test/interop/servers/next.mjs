// Next serves two routes with our receiver, one in each of its runtimes, as a user's build does.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { folderOf, installFromNpm } from '../install.mjs';
import { startProcess } from '../process.mjs';

export const title = 'Next 16.4.6, a webhook route in the Node and in the edge runtime';

export const script = 'deliveries.mjs';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../', import.meta.url));
const folder = folderOf('next');
const bin = join(folder, 'node_modules/next/dist/bin/next');
const runtimes = ['nodejs', 'edge'];
const environment = {
  NEXT_TELEMETRY_DISABLED: '1',
  NEXT_IGNORE_INCORRECT_LOCKFILE: '1', // It would look for one in the folders above, and write to ours.
};

/** The package as it is published, of the sources as they are now. */
export async function install() {
  await installFromNpm('next', 'next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1');
  await run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-b', 'packages/webhooks'], {
    cwd: repository,
  });
  for (const part of ['package.json', 'dist'])
    await cp(join(repository, 'packages/webhooks', part), join(folder, 'node_modules/@toolwire/webhooks', part), {
      recursive: true,
    });
}

export async function start() {
  await writeFile(join(folder, 'next.config.mjs'), 'export default { turbopack: { root: import.meta.dirname } };\n');
  for (const runtime of runtimes) {
    await mkdir(join(folder, 'app', runtime), { recursive: true });
    await writeFile(join(folder, 'app', runtime, 'route.js'), routeIn(runtime));
  }
  // The build runs the routes too. It gets another secret: the one that counts is read when the server starts.
  await run(process.execPath, [bin, 'build'], {
    cwd: folder,
    env: { ...process.env, ...environment, WEBHOOK_SECRET: newSecret() },
    timeout: 300_000,
  });
  const secret = newSecret();
  const { match, close } = await startProcess(process.execPath, [bin, 'start', '-H', '127.0.0.1', '-p', '0'], {
    cwd: folder,
    env: { ...environment, WEBHOOK_SECRET: secret },
    ready: /(http:\/\/127\.0\.0\.1:\d+)[^]*Ready/,
  });
  return { urls: runtimes.map((runtime) => `${match[1]}/${runtime}`), secret, close };
}

function routeIn(runtime) {
  return `import { createReceiver } from '@toolwire/webhooks';
import { nextRoute } from '@toolwire/webhooks/next';

const handled = [];
const receiver = createReceiver({
  secrets: process.env.WEBHOOK_SECRET,
  on: { tool_executed: ({ tool }) => handled.push(tool) },
  onError: () => {},
});

export const runtime = '${runtime}';
export const dynamic = 'force-dynamic';
export const { POST } = nextRoute(receiver);
export const GET = () => Response.json({ runtime: process.env.NEXT_RUNTIME, handled });
`;
}

function newSecret() {
  return `whsec_${randomBytes(24).toString('base64')}`;
}
