import { compareClients } from './measure.mjs';
import { clientCore } from './placement.mjs';
import { printTable } from './report.mjs';

/** Measures short calls, one after the other and 64 in flight, and prints them, one client a row. */
export async function measureCalls(clients, target) {
  const sequential = await compareClients(clients, target, 'sequential', clientCore.besideServer);
  const twoCores = await compareClients(clients, target, 'sequential', clientCore.apart);
  const parallel = await compareClients(clients, target, 'parallel', clientCore.apart);
  printTable(
    ['', 'CPU µs/call', 'calls/s', 'µs, two cores', 'calls/s', 'µs, 64 in flight', 'calls/s'],
    Object.keys(clients).map((name) => [
      name,
      ...[sequential, twoCores, parallel].flatMap((measured) => [
        measured[name].cpuMicroseconds,
        measured[name].callsPerSecond,
      ]),
    ]),
  );
  return { sequential, parallel };
}
