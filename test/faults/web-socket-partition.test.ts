import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Two hosts: network namespaces that a pair of virtual cards joins. */
interface Network extends AsyncDisposable {
  /** Runs Node with these arguments on one of them. */
  run(host: 'client' | 'server', args: readonly string[]): { child: ChildProcess; lines: Interface };
  setLink(state: 'up' | 'down'): void;
}

const addresses = { client: '10.213.7.1', server: '10.213.7.2' };

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

function openNetwork(): Network {
  const names = { client: `toolwire-c-${process.pid}`, server: `toolwire-s-${process.pid}` };
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    for (const child of children) if (child.kill('SIGKILL')) await once(child, 'exit');
    for (const name of Object.values(names)) spawnSync('ip', ['netns', 'del', name]);
  };
  try {
    for (const name of Object.values(names)) ip('netns', 'add', name);
    ip('-n', names.client, 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', names.server);
    for (const host of ['client', 'server'] as const) {
      ip('-n', names[host], 'addr', 'add', `${addresses[host]}/24`, 'dev', 'wire');
      ip('-n', names[host], 'link', 'set', 'wire', 'up');
    }
  } catch (error) {
    void close();
    throw error;
  }
  return {
    run(host, args) {
      const command = ['netns', 'exec', names[host], process.execPath, '--conditions=@toolwire/source', ...args];
      const cwd = fileURLToPath(new URL('.', import.meta.url)); // Where the packages are found.
      const child = spawn('ip', command, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      return { child, lines: createInterface(child.stdout) };
    },
    setLink: (state) => ip('-n', names.server, 'link', 'set', 'wire', state),
    [Symbol.asyncDispose]: close,
  };
}

/** Only root on Linux, with `ip` of iproute2 and the right to it, can make networks. */
const canPartition = await (async () => {
  try {
    await openNetwork()[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  }
})();

const pingIntervalMs = 1000;
const program = `
  import { McpClient } from '@toolwire/client-core';
  import { webSocketTransport } from '@toolwire/client-ws';
  const open = () => webSocketTransport(process.argv[1], { pingIntervalMs: ${pingIntervalMs} });
  const client = new McpClient(open);
  await client.connect();
  let lostAt;
  const slow = client.callTool('slow', { label: 'cut off', steps: 1, stepMs: 60_000, quiet: true }).catch((error) => {
    lostAt = Date.now();
    console.log(JSON.stringify({ code: error.code, cause: error.cause?.message, at: lostAt }));
  });
  console.log('connected');
  await slow;
  console.log((await client.callTool('echo', { text: 'together again' })).text());
  await client.close();
`;

test.skipIf(!canPartition)(
  `row 30: a partition of two hosts is found in two intervals of pings, and healed${canPartition ? '' : ' (needs root on Linux, and ip of iproute2)'}`,
  { timeout: 60_000 },
  async () => {
    await using network = openNetwork();
    const script = fileURLToPath(new URL('../interop/official-server.mjs', import.meta.url));
    const server = network.run('server', [script, 'v1', '8080', addresses.server]);
    const [url] = (await once(server.lines, 'line')) as [string];
    const client = network.run('client', ['--input-type=module', '-e', program, url]);
    const lines = client.lines[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('connected');
    network.setLink('down');
    const downAt = Date.now();
    const lost = JSON.parse((await lines.next()).value ?? '') as { code: string; cause: string; at: number };
    expect(lost).toMatchObject({ code: 'delivery-unknown', cause: expect.stringContaining('pinged twice') });
    expect(lost.at - downAt).toBeLessThan(2 * pingIntervalMs + 2000); // What is over is the machine's.
    network.setLink('up');
    expect((await lines.next()).value).toBe('together again');
  },
);
