import { spawn } from 'node:child_process';

/** The least that can speak JSON-RPC to a child process: no deadlines, no checks, no recovery. */
export async function connect(target, onNotification) {
  const child = spawn(target.command, target.args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const pending = new Map();
  let lastId = 0;
  let pieces = [];

  child.stdout.on('data', (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      receive(JSON.parse(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)));
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  });

  function receive(message) {
    if (message.id === undefined) {
      onNotification?.(message);
    } else {
      pending.get(message.id)(message.result);
      pending.delete(message.id);
    }
  }

  function request(method, params) {
    const id = ++lastId;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve) => pending.set(id, resolve));
  }

  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bare', version: '1.0.0' },
  });
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return {
    call: async (name, args) => (await request('tools/call', { name, arguments: args })).content[0].text,
    close: () => child.stdin.end(),
  };
}
