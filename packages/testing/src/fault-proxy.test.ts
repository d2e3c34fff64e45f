import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@toolwire/client-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faultProxy, type FaultProxy } from './fault-proxy.ts';
import type { FaultSource } from './faults.ts';
import { untilTheEnd } from '../test-support/until-the-end.ts';
import { createTestServer } from './server.ts';

/** Sends back what it gets, and ends when its peer does. */
const echo = createServer({ allowHalfOpen: true }, (socket) => {
  received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString();
  });
  socket.on('error', () => {});
  socket.pipe(socket);
});
let received = '';
let echoPort = 0;
let proxy: FaultProxy;

beforeAll(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  echoPort = (echo.address() as AddressInfo).port;
});
afterEach(() => proxy.close());
afterAll(() => void echo.close());

async function open(faults?: FaultSource, seed = 1): Promise<Peer> {
  proxy = await faultProxy(echoPort, faults, { seed });
  return new Peer(proxy.port);
}

/** A client that notes what it gets and how it ends. */
class Peer {
  readonly pieces: string[] = [];
  readonly socket: Socket;
  readonly outcome: Promise<string>;

  constructor(port: number) {
    this.socket = connectSocket({ port, host: '127.0.0.1', noDelay: true });
    let error: (Error & { code?: string }) | undefined;
    this.socket.on('data', (bytes) => this.pieces.push(bytes.toString()));
    this.socket.on('error', (reason) => {
      error = reason;
    });
    this.outcome = once(this.socket, 'close').then(
      () => error?.code ?? 'FIN',
      (reason) => reason.code,
    );
  }

  get text(): string {
    return this.pieces.join('');
  }

  async receives(length: number): Promise<string> {
    while (this.text.length < length) await once(this.socket, 'data');
    return this.text;
  }
}

describe('without faults', () => {
  it('passes bytes both ways, and the end of one way leaves the other open', async () => {
    const peer = await open();
    peer.socket.end('all of it');
    expect(await peer.outcome).toBe('FIN');
    expect(peer.text).toBe('all of it');
    expect([proxy.accepted, proxy.url]).toEqual([1, `http://127.0.0.1:${proxy.port}/`]);
  });

  it('passes what is larger than any buffer', async () => {
    const peer = await open();
    peer.socket.end('x'.repeat(3_000_000));
    await peer.outcome;
    expect(peer.text).toHaveLength(3_000_000);
  });

  it('a target that refuses is a connection that breaks', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    proxy = await faultProxy(port);
    expect(await new Peer(proxy.port).outcome).toBe('ECONNRESET');
  });
});

describe('time and size', () => {
  it('delays each way by the latency', async () => {
    const peer = await open({ latencyMs: 100, jitterMs: 20 });
    const startedAt = performance.now();
    peer.socket.write('ping');
    await peer.receives(4);
    expect(performance.now() - startedAt).toBeGreaterThan(195);
  });

  it('keeps a rate', async () => {
    const peer = await open({ bytesPerSecond: 10_000 });
    const startedAt = performance.now();
    peer.socket.write('x'.repeat(2000));
    await peer.receives(2000);
    expect(performance.now() - startedAt).toBeGreaterThan(150);
  });

  it('slices, and the bytes stay the same', async () => {
    const peer = await open({ sliceBytes: [1, 3], latencyMs: 1 });
    const text = '0123456789'.repeat(20);
    peer.socket.write(text);
    expect(await peer.receives(text.length)).toBe(text);
    expect(peer.pieces.length).toBeGreaterThan(1);
  });
});

describe('endings', () => {
  it.each([
    { faults: { resetAfterBytes: 5 }, outcome: 'ECONNRESET' },
    { faults: { finAfterBytes: 5 }, outcome: 'FIN' },
  ])('after 5 bytes of the answer: $outcome', async ({ faults, outcome }) => {
    const peer = await open(faults);
    peer.socket.write('0123456789');
    expect(await peer.outcome).toBe(outcome);
    expect('01234'.startsWith(peer.text)).toBe(true);
    if (outcome === 'FIN') expect(peer.text).toBe('01234');
    expect(received).toBe('0123456789');
  });

  it('after bytes of the request, when those are counted', async () => {
    const peer = await open({ finAfterBytes: 4, countedBytes: 'requests' });
    peer.socket.write('0123456789');
    await peer.outcome;
    await sleep(20);
    expect(received).toBe('0123');
  });

  it('counts from when the faults were set', async () => {
    const peer = await open();
    peer.socket.write('0123456789');
    await peer.receives(10);
    proxy.set({ finAfterBytes: 2 });
    peer.socket.write('abcdef');
    expect(await peer.outcome).toBe('FIN');
    expect(peer.text).toBe('0123456789ab');
  });

  it('reset breaks what is open, now', async () => {
    const peer = await open();
    peer.socket.write('a');
    await peer.receives(1);
    expect(proxy.connections).toBe(1);
    proxy.reset();
    expect(await peer.outcome).toBe('ECONNRESET');
    expect(proxy.connections).toBe(0);
  });
});

describe('silence', () => {
  it('holds both ways until it ends', async () => {
    const peer = await open({ silence: true });
    peer.socket.write('hello');
    await sleep(50);
    expect([peer.text, received]).toEqual(['', '']);
    proxy.set({});
    expect(await peer.receives(5)).toBe('hello');
  });

  it('of the answers lets requests through', async () => {
    const peer = await open({ silence: 'answers' });
    peer.socket.write('hello');
    await sleep(50);
    expect([peer.text, received]).toEqual(['', 'hello']);
  });

  it('does not outlive its proxy', async () => {
    const peer = await open({ silence: true });
    peer.socket.write('hello');
    await sleep(20);
    await proxy.close();
    expect(await peer.outcome).toBe('ECONNRESET');
  });
});

it('closes although a peer does not read what was sent to it', async () => {
  const peer = await open();
  peer.socket.pause();
  peer.socket.write('x'.repeat(30_000_000));
  await sleep(50);
  await proxy.close();
  expect(proxy.connections).toBe(0);
  peer.socket.destroy();
});

describe('refusal', () => {
  it('breaks connections over the limit', async () => {
    const first = await open({ maxConnections: 1 });
    first.socket.write('a');
    await first.receives(1);
    expect(await new Peer(proxy.port).outcome).toBe('ECONNRESET');
    first.socket.end();
    await first.outcome;
    expect(proxy.accepted).toBe(2);
  });

  it('refuses while it is down and serves at the same port when it is up', async () => {
    const peer = await open();
    peer.socket.write('a');
    await peer.receives(1);
    await proxy.down();
    expect(await peer.outcome).toBe('ECONNRESET');
    expect(await new Peer(proxy.port).outcome).toBe('ECONNREFUSED');
    await proxy.up();
    const again = new Peer(proxy.port);
    again.socket.write('b');
    expect(await again.receives(1)).toBe('b');
  });
});

it('chooses the same faults for each connection by the same seed', async () => {
  async function limits(seed: number): Promise<number[]> {
    const chosen: number[] = [];
    await open((random) => {
      chosen.push(Math.floor(random() * 1000));
      return { resetAfterBytes: 0 };
    }, seed);
    for (let index = 0; index < 3; index += 1) {
      const peer = new Peer(proxy.port);
      peer.socket.write('x');
      await peer.outcome;
    }
    await proxy.close();
    return chosen.slice(0, 3);
  }
  const first = await limits(7);
  expect(await limits(7)).toEqual(first);
  expect(await limits(8)).not.toEqual(first);
});

it('carries MCP, and its answer stream when it is sliced', async () => {
  const server = untilTheEnd(createTestServer({ tools: { echo: { handler: ({ text }) => String(text) } } }));
  proxy = await faultProxy((await server.listen()).url, { sliceBytes: [1, 40] });
  expect(proxy.url).toMatch(/\/mcp$/);
  const client = untilTheEnd(await connect(proxy.url));
  expect((await client.callTool('echo', { text: 'snow ☃' })).text()).toBe('snow ☃');
});
