import { McpClient, type ClientOptions, type Progress } from '@toolwire/client-core';
import { webSocketTransport } from '@toolwire/client-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import {
  listeningProxy,
  proxyCommand,
  serversByWire,
  type ListeningProxy,
  type ServerOnWire,
} from './proxy-under-test.ts';
import { seenBy } from './subjects.ts';

type Wire = keyof typeof serversByWire;
const wires = Object.keys(serversByWire) as Wire[];

/** Where a host finds the proxy on each wire. */
const hosts: Record<Wire, (proxies: Proxies, options: ClientOptions) => McpClient> = {
  stdio: ({ argv }, options) => new McpClient(proxyCommand(argv), options),
  http: ({ http }, options) => new McpClient(`${http.origin}/mcp`, { headers: http.headers, ...options }),
  sse: ({ http }, options) =>
    new McpClient({ url: `${http.origin}/sse`, transport: 'sse' }, { headers: http.headers, ...options }),
  ws: ({ ws }, options) => new McpClient(() => webSocketTransport(`${ws.origin}/ws`, { headers: ws.headers }), options),
};

interface Proxies {
  readonly argv: readonly string[];
  readonly http: ListeningProxy;
  readonly ws: ListeningProxy;
}

describe.each(wires)('a server over %s', (serverWire) => {
  let server: ServerOnWire;
  let proxies: Proxies;

  beforeAll(async () => {
    server = await serversByWire[serverWire]();
    const listen = (scheme: string): Promise<ListeningProxy> =>
      listeningProxy(['--listen', `${scheme}://127.0.0.1:0`, ...server.argv]);
    const [http, ws] = await Promise.all([listen('http'), listen('ws')]);
    proxies = { argv: server.argv, http, ws };
  });

  afterAll(async () => {
    await Promise.all([proxies.http.close(), proxies.ws.close()]);
    await server[Symbol.asyncDispose]();
  });

  const rows = wires.flatMap((wire) => (['2025-11-25', '2026-07-28'] as const).map((version) => ({ wire, version })));

  test.each(rows.filter(({ wire, version }) => wire !== 'sse' || version === '2025-11-25'))(
    'is called, followed, cancelled and may ask over $wire, by a host of $version',
    async ({ wire, version }) => {
      const asked: string[] = [];
      await using host = hosts[wire](proxies, {
        protocolVersion: version,
        clientInfo: { name: `${serverWire}-${wire}`, version: '1' },
        handlers: {
          elicitation({ message }) {
            asked.push(message);
            return { action: 'accept', content: { name: 'Grace', proceed: true } };
          },
        },
      });
      const { name } = await host.connect();
      expect(name).toBe('v1-server');

      expect((await host.callTool('echo', { text: wire })).text()).toBe(wire);

      const steps: Progress[] = [];
      const label = `${serverWire}-${wire}-${version}`;
      const slow = { label, steps: 3, stepMs: 20 };
      expect((await host.callTool('slow', slow, { onProgress: (step) => steps.push(step) })).text()).toBe(
        `${label} done`,
      );
      expect(steps.map(({ progress, message }) => [progress, message])).toEqual([
        [1, 'step 1'],
        [2, 'step 2'],
        [3, 'step 3'],
      ]);

      const giveUp = new AbortController();
      const long = host.callTool('slow', { label: `${label}!`, steps: 1000, stepMs: 20 }, { signal: giveUp.signal });
      await eventually(async () => expect((await seenBy(host)).started).toContain(`${label}!`));
      giveUp.abort(new Error('enough'));
      await expect(long).rejects.toThrow('enough');
      await eventually(async () => expect((await seenBy(host)).cancelled).toContain(`${label}!`));

      const confirmed = await host.callTool('confirm');
      expect(confirmed.json()).toEqual({ action: 'accept', content: { name: 'Grace', proceed: true } });
      expect(asked).toEqual(['Go on?']);
    },
  );
});
