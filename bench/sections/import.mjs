import { compare, timeNode } from '../measure.mjs';
import { printGoal, printTable } from '../report.mjs';

export const title = 'Import, wall time of a process that does nothing else';

export async function run() {
  const measured = await compare(15, {
    'node -e 0': () => timeNode(['--eval', '0']),
    '@toolwire/client-core': () => timeImport('@toolwire/client-core'),
    '@modelcontextprotocol/client 2.4': () => timeImport('@modelcontextprotocol/client'),
  });
  const { 'node -e 0': floor } = measured;
  printTable(
    ['', 'ms', 'over node -e 0'],
    Object.entries(measured).map(([name, milliseconds]) => [name, milliseconds, milliseconds - floor]),
  );
  printGoal('over node -e 0', measured['@toolwire/client-core'] - floor, 'ms', { atMost: 40 });
}

function timeImport(name) {
  return timeNode(['--input-type=module', '--eval', `import ${JSON.stringify(name)}`]);
}
