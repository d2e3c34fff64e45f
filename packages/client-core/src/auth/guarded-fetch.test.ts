import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type HttpServer } from '../../test-support/http-server.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { addressKind } from './private-addresses.ts';

const opened: HttpServer[] = [];

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const remote = new URL('https://mcp.example/mcp');

describe('an address', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['169.254.169.254', 'private'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['0.0.0.0', 'private'],
    ['255.255.255.255', 'private'],
    ['::ffff:a9fe:a9fe', 'private'],
    ['64:ff9b::a9fe:a9fe', 'private'],
    ['2002:a9fe:a9fe::1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['fe80::1', 'private'],
    ['::', 'private'],
    ['93.184.216.34', 'public'],
    ['172.32.0.1', 'public'],
    ['2606:2800:220:1::1', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('a guarded fetch', () => {
  test.each([
    'http://example.com/',
    'https://localhost/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://[::ffff:7f00:1]/',
    'https://169.254.169.254/',
    'https://[fd00::1]/',
    'ftp://example.com/',
  ])('for a server elsewhere does not ask %s', async (url) => {
    const lookUp = () => Promise.reject(new Error('the name should not matter'));
    await expect(guardedFetch({ trusted: [remote], lookUp })(url)).rejects.toThrow(/not asked/);
  });

  test('does not ask a name that has one private address among others', async () => {
    const lookUp = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const ask = guardedFetch({ trusted: [remote], lookUp });
    await expect(ask('https://rebinding.example/')).rejects.toThrow(/leads to a private address: not asked/);
  });

  test('connects to the address that it has looked at, whatever the name says later', async () => {
    const server = await startHttpServer({ GET: ({ json }) => json({ ok: true }) });
    opened.push(server);
    const named = new URL(server.url);
    named.hostname = 'changing.localhost';
    let asked = 0;
    const lookUp = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }];
    const response = await guardedFetch({ trusted: [named], lookUp })(named);
    expect(await response.json()).toEqual({ ok: true });
    expect(asked).toBe(1);
  });

  test('hands over redirects, and follows none', async () => {
    const server = await startHttpServer({
      GET: ({ response }) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    });
    opened.push(server);
    const response = await guardedFetch({ trusted: [new URL(server.url)] })(server.url);
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://169.254.169.254/']);
    expect(server.requests).toHaveLength(1);
  });

  test('sends a form, and reads no more than 1 MiB', async () => {
    const server = await startHttpServer({
      '*': ({ response, json, request }) =>
        request.url === '/large'
          ? void response.end('x'.repeat(2 ** 21))
          : json({ type: request.headers['content-type'] }),
    });
    opened.push(server);
    const ask = guardedFetch({ trusted: [new URL(server.url)] });
    await expect(ask(new URL('/large', server.url))).rejects.toThrow(/more than 1048576 bytes/);
    const headers = { 'content-type': 'application/json' };
    const response = await ask(server.url, { method: 'POST', headers, body: '{}' });
    expect(await response.json()).toEqual({ type: 'application/json' });
  });
});
