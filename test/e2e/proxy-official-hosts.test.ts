import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { stdioServer } from '../servers/launch.ts';
import { listeningProxy } from './proxy-under-test.ts';

const { command, args = [] } = stdioServer('v1-server');

const wires: readonly [string, 'legacy' | 'auto', (origin: string, requestInit: RequestInit) => Transport][] = [
  ['Streamable HTTP', 'legacy', (origin, requestInit) => streamable(origin, requestInit)],
  ['Streamable HTTP', 'auto', (origin, requestInit) => streamable(origin, requestInit)],
  ['HTTP+SSE', 'legacy', (origin, requestInit) => new SSEClientTransport(new URL(`${origin}/sse`), { requestInit })],
];

function streamable(origin: string, requestInit: RequestInit): Transport {
  return new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { requestInit });
}

test.each(wires)('the official client uses a command over %s (%s)', async (_wire, mode, open) => {
  await using proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', '--', command, ...args]);
  const capabilities = { elicitation: { form: {} } };
  const host = new Client({ name: 'official', version: '1' }, { capabilities, versionNegotiation: { mode } });
  host.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada', proceed: true } }));
  await host.connect(open(proxy.origin, { headers: proxy.headers }));

  expect(host.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy');
  expect((await host.listTools()).tools.map(({ name }) => name)).toContain('confirm');
  expect((await host.listResources()).resources).not.toEqual([]);
  const steps: number[] = [];
  const slow = { name: 'slow', arguments: { label: 'official', steps: 3, stepMs: 50 } };
  await host.callTool(slow, { onprogress: ({ progress }) => steps.push(progress) });
  expect(steps.slice(0, 2)).toEqual([1, 2]); // It forgets the last one when that comes together with the answer.
  const confirmed = await host.callTool({ name: 'confirm', arguments: {} });
  expect(confirmed.content).toMatchObject([{ text: '{"action":"accept","content":{"name":"Ada","proceed":true}}' }]);
  await expect(host.callTool({ name: 'missing', arguments: {} })).rejects.toThrow('Tool missing not found');
  await host.close();
});
