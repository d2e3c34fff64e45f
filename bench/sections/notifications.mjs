import { compareClients, stdioTarget } from '../measure.mjs';
import { printCpu, printGoal } from '../report.mjs';

export const title = '100,000 log notifications during one call over stdio, each handed to a handler';

export async function run() {
  const measured = await compareClients(
    { 'bare JSON-RPC': 'bare-stdio', Toolwire: 'toolwire', 'official client 2.4': 'official' },
    stdioTarget,
    'notifications',
  );
  printCpu(measured);
  printGoal('client CPU', measured.Toolwire.cpuMilliseconds, 'ms', { atMost: 1_000 });
}
