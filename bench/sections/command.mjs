import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, stdioTarget, timeNode, withHttpServer } from '../measure.mjs';
import { installPeers, peer, withHome } from '../peers.mjs';
import { printGoal, printTable } from '../report.mjs';

export const title = 'Commands, wall time: each is the whole process (mcpc: connect, call and close)';

const rounds = 7;

export async function run() {
  installPeers();
  const measured = await withHttpServer(({ url }) =>
    withHome((env) => withWarmServers(url, env, () => compare(rounds, subjects(url, env)))),
  );
  const { 'node -e 0': floor } = measured;
  printTable(
    ['', 'ms', '× node -e 0'],
    Object.entries(measured).map(([name, milliseconds]) => [name, milliseconds, milliseconds / floor]),
  );
  printGoal('mcp --version', measured['mcp --version'] / floor, '× node -e 0', { atMost: 1.3 });
  printGoal('mcp tools call, HTTP', measured['mcp tools call, HTTP'] / floor, '× node -e 0', { atMost: 2.2 });
  printGoal('the same, warm', measured['mcp tools call, HTTP, warm'] / floor, '× node -e 0', { atMost: 1.5 });
}

const mcp = fileURLToPath(import.meta.resolve('@toolwire/cli/package.json')).replace('package.json', 'bin/mcp.js');
const server = [stdioTarget.command, ...stdioTarget.args];

/** The environment in which both servers are up: the others know of no warm connection. */
function warmIn(env) {
  return { ...env, XDG_RUNTIME_DIR: join(env.HOME, 'warm') };
}

async function withWarmServers(url, env, use) {
  await timeNode([mcp, 'up', '-s', url], { env: warmIn(env) });
  await timeNode([mcp, 'up', '--', ...server], { env: warmIn(env) });
  try {
    return await use();
  } finally {
    await timeNode([mcp, 'down', '--all'], { env: warmIn(env) });
  }
}

function subjects(url, env) {
  const time = (...args) => timeNode(args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const warm = (...args) => timeNode(args, { env: warmIn(env) });
  const [mcporter, inspector, mcpc] = ['mcporter', 'mcp-inspector', 'mcpc'].map(peer);
  const inspect = (...target) =>
    time(inspector, '--cli', ...target, '--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'text=hello');
  return {
    'node -e 0': () => time('--eval', '0'),
    'mcp --version': () => time(mcp, '--version'),
    'mcporter --version': () => time(mcporter, '--version'),
    'mcpc --version': () => time(mcpc, '--version'),
    'Inspector --version': () => time(inspector, '--version'),
    'mcp --help': () => time(mcp, '--help'),
    'mcporter --help': () => time(mcporter, '--help'),
    'mcpc --help': () => time(mcpc, '--help'),
    'Inspector --help': () => time(inspector, '--help'),
    'mcp tools call, HTTP': () => time(mcp, 'tools', 'call', '-s', url, 'echo', '--text', 'hello'),
    'mcp tools call, HTTP, warm': () => warm(mcp, 'tools', 'call', '-s', url, 'echo', '--text', 'hello'),
    'mcporter call, HTTP': () => time(mcporter, 'call', '--http-url', url, '--allow-http', 'echo', 'text=hello'),
    'Inspector --cli, HTTP': () => inspect(url, '--transport', 'http'),
    'mcpc, HTTP': async () => {
      const connected = await time(mcpc, 'connect', url, '@bench');
      const called = await time(mcpc, '@bench', 'tools-call', 'echo', 'text:="hello"');
      return connected + called + (await time(mcpc, 'close', '@bench'));
    },
    'mcp tools call, stdio': () => time(mcp, 'tools', 'call', 'echo', '--text', 'hello', '--', ...server),
    'mcp tools call, stdio, warm': () => warm(mcp, 'tools', 'call', 'echo', '--text', 'hello', '--', ...server),
    'mcporter call, stdio': () => time(mcporter, 'call', '--stdio', server.join(' '), 'echo', 'text=hello'),
    'Inspector --cli, stdio': () => inspect(...server),
  };
}
