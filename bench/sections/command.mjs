import { fileURLToPath } from 'node:url';
import { compare, timeNode, withHttpServer } from '../measure.mjs';
import { printGoal, printTable } from '../report.mjs';

export const title = 'The mcp command, wall time';

export async function run() {
  const mcp = fileURLToPath(import.meta.resolve('@toolwire/cli/package.json')).replace('package.json', 'bin/mcp.js');
  const measured = await withHttpServer(({ url }) =>
    compare(15, {
      'node -e 0': () => timeNode(['--eval', '0']),
      'mcp --version': () => timeNode([mcp, '--version']),
      'mcp tools call, HTTP': () => timeNode([mcp, 'tools', 'call', '-s', url, 'echo', '--text', 'hello']),
    }),
  );
  const { 'node -e 0': floor } = measured;
  printTable(
    ['', 'ms', '× node -e 0'],
    Object.entries(measured).map(([name, milliseconds]) => [name, milliseconds, milliseconds / floor]),
  );
  printGoal('mcp --version', measured['mcp --version'] / floor, '× node -e 0', { atMost: 1.3 });
  printGoal('mcp tools call, HTTP', measured['mcp tools call, HTTP'] / floor, '× node -e 0', { atMost: 2.2 });
}
