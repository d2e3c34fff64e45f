import { measureCalls } from '../calls.mjs';
import { stdioTarget } from '../measure.mjs';
import { printGoal } from '../report.mjs';

export const title = 'tools/call over stdio, a short text; client and server share a core unless it says two';

export async function run() {
  const clients = { 'bare JSON-RPC': 'bare-stdio', Toolwire: 'toolwire', 'official client 2.4': 'official' };
  const { sequential } = await measureCalls(clients, stdioTarget);
  const cpu = sequential.Toolwire.cpuMicroseconds / sequential['bare JSON-RPC'].cpuMicroseconds;
  printGoal('client CPU, sequential', cpu, '× bare', { atMost: 1.3 });
}
