// Tries @toolwire/gateway-client with real gateways: `npx node test/gateways/run.mjs [NAME…]`, names being those of the files
// `NAME.real.ts` here. ContextForge and mcp-proxy come from PyPI into virtual environments, mcp-hub from npm, all into
// temp/interop, beside what test/interop has installed; they listen on 127.0.0.1, and are ended afterwards.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installFromNpm, installFromPyPI } from '../interop/install.mjs';

const gateways = {
  'context-forge': () => installFromPyPI('context-forge', 'python3.11', 'mcp-contextforge-gateway==1.0.7'),
  'mcp-hub': () => installFromNpm('mcp-hub', 'mcp-hub@4.2.1'),
  'mcp-proxy': () => installFromPyPI('mcp-proxy', 'python3.11', 'mcp-proxy==0.13.0'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(gateways, name));
if (unknown.length > 0)
  throw new Error(`no gateway ${unknown.join(', ')}; there are ${Object.keys(gateways).join(', ')}`);

const chosen = wanted.length > 0 ? wanted : Object.keys(gateways);
for (const name of chosen) await gateways[name]();

const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const files = chosen.map((name) => `test/gateways/${name}.real.ts`);
const args = [vitest, 'run', '--config', 'test/gateways/vitest.config.ts', ...files];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
