import { expect, test } from 'vitest';
import { identityByUrl } from './identity.ts';

const at = (url: string, gatewayUrl: string): string | undefined => identityByUrl({ id: '1', url }, gatewayUrl);

test.each([
  ['case of the host, default port and slash', 'https://A.example/mcp', 'https://a.example:443/mcp/'],
  ['names of one machine', 'http://127.0.0.1:80/mcp', 'http://localhost/mcp'],
])('%s do not tell servers apart', (_what, one, other) => {
  expect(at(one, 'http://localhost:1')).toBe(at(other, 'http://127.0.0.1:2'));
});

test.each([
  ['port', 'http://a.example:1/mcp', 'http://a.example:2/mcp'],
  ['path', 'http://a.example/one', 'http://a.example/two'],
  ['scheme', 'http://a.example/mcp', 'https://a.example/mcp'],
])('another %s is another server', (_what, one, other) => {
  expect(at(one, 'http://g.example')).not.toBe(at(other, 'http://g.example'));
});

test('a loopback address is the machine of its gateway', () => {
  const url = 'http://localhost:9000/mcp';
  expect(at(url, 'http://east.example')).not.toBe(at(url, 'http://west.example'));
  expect(at(url, 'http://east.example')).toBe(at('http://east.example:9000/mcp', 'http://west.example'));
});

test('a query makes a server nobody’s twin: whose data it means is hidden', () => {
  const url = 'http://a.example/mcp?…';
  expect(at(url, 'http://east.example')).not.toBe(at(url, 'http://west.example'));
});

test('without a URL there is nothing to go by', () => {
  expect(identityByUrl({ id: '1' }, 'http://a.example')).toBeUndefined();
});
