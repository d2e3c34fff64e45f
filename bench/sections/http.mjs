import { measureCalls } from '../calls.mjs';
import { withHttpServer } from '../measure.mjs';
import { printGoal } from '../report.mjs';

export const title = 'tools/call over Streamable HTTP, a short text; client and server share a core unless it says two';

export async function run() {
  const clients = {
    'bare fetch': 'bare-fetch',
    'bare node:http': 'bare-http',
    Toolwire: 'toolwire',
    'official client 2.4': 'official',
  };
  const { sequential, parallel } = await withHttpServer((target) => measureCalls(clients, target));
  const cpu = sequential.Toolwire.cpuMicroseconds / sequential['bare fetch'].cpuMicroseconds;
  const throughput = parallel.Toolwire.callsPerSecond / parallel['bare fetch'].callsPerSecond;
  printGoal('client CPU, sequential', cpu, '× bare fetch', { atMost: 0.5 });
  printGoal('calls/s, 64 in flight', throughput, '× bare fetch', { atLeast: 2 });
}
