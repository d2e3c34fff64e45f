import { compareClients, stdioTarget } from '../measure.mjs';
import { printCpu, printGoal } from '../report.mjs';

export const title = 'A result of 8 MiB over stdio';

export async function run() {
  const measured = await compareClients(
    { 'bare JSON-RPC': 'bare-stdio', Toolwire: 'toolwire', 'official client 2.4': 'official' },
    stdioTarget,
    'largeResults',
  );
  printCpu(measured);
  printGoal('client CPU', measured.Toolwire.cpuMilliseconds, 'ms', { atMost: 60 });
}
