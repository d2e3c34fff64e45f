import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { startHttpServer } from '../servers/launch.ts';
import { eventStream, startRawHttpServer, type Answer, type Exchange } from '../servers/raw-http-server.ts';
import { legacyClient, rejectionOf, withSlack } from './fault-server.ts';

type End = (exchange: Exchange) => void;

/** How an answer stream can end before its time. */
const cuts: { name: string; cut: End }[] = [
  { name: 'ended (FIN)', cut: ({ response }) => void response.end() },
  { name: 'cut in a chunk (FIN)', cut: ({ request }) => void request.socket.end() },
  { name: 'reset (RST)', cut: ({ request }) => void request.socket.resetAndDestroy() },
];

function answerOf({ message }: Exchange, text: string): object {
  return { jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text }] } };
}

/** Starts an answer stream with these events, then ends it when they have surely arrived. */
function startsThen(text: string, end: End): Answer {
  return (exchange) => {
    exchange.response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
    setTimeout(() => end(exchange), 50);
  };
}

function countOf(requests: readonly { method: string | undefined }[], name: string): number {
  return requests.filter(({ method }) => method === name).length;
}

describe.concurrent('an answer stream', () => {
  test.each(cuts)('row 19: $name without event ids fails its call, which is not sent again', async ({ cut }) => {
    let cutAt = 0;
    const notedCut: End = (exchange) => {
      cutAt = performance.now();
      cut(exchange);
    };
    await using server = await startRawHttpServer({
      'tools/call': startsThen(eventStream({ jsonrpc: '2.0', method: 'notifications/message', params: {} }), notedCut),
      ping: ({ result }) => result({}),
    });
    await using client = legacyClient(server.url);
    expect(await rejectionOf(client.callTool('any'))).toMatchObject({
      code: 'delivery-unknown',
      name: 'DeliveryUnknownError',
      delivered: 'unknown',
      attempts: 1,
    });
    expect(performance.now() - cutAt).toBeLessThan(withSlack(100));
    await client.ping();
    expect(countOf(server.requests, 'tools/call')).toBe(1);
  });

  test('row 19: cut under one call leaves the others alone', async () => {
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => {
        if (exchange.message.params?.['name'] === 'cut')
          startsThen(': hello\n\n', ({ request }) => void request.socket.resetAndDestroy())(exchange);
        else startsThen(': hello\n\n', () => exchange.response.end(eventStream(answerOf(exchange, 'whole'))))(exchange);
      },
    });
    await using client = legacyClient(server.url);
    const whole = [client.callTool('whole'), client.callTool('whole')];
    expect(await rejectionOf(client.callTool('cut'))).toMatchObject({ code: 'delivery-unknown' });
    expect((await Promise.all(whole)).map((result) => result.text())).toEqual(['whole', 'whole']);
  });

  test.each(cuts)('row 20: $name with event ids is resumed where it was, time and again', async ({ cut }) => {
    const resumedFrom: unknown[] = [];
    let call: Exchange | undefined;
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => {
        call = exchange;
        startsThen('retry: 1\nid: first\ndata:\n\n', cut)(exchange);
      },
      GET: (exchange) => {
        const from = exchange.request.headers['last-event-id'];
        if (from === undefined || call === undefined) {
          exchange.response.writeHead(405).end();
          return;
        }
        resumedFrom.push(from);
        const note = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'between' } };
        if (from === 'first') startsThen(`id: second\ndata: ${JSON.stringify(note)}\n\n`, cut)(exchange);
        else exchange.events(answerOf(call, 'resumed'));
      },
    });
    const heard: unknown[] = [];
    await using client = legacyClient(server.url, { onLog: ({ data }) => heard.push(data) });
    expect((await client.callTool('any')).text()).toBe('resumed');
    expect(resumedFrom).toEqual(['first', 'second']);
    expect(heard).toEqual(['between']);
    expect(countOf(server.requests, 'tools/call')).toBe(1);
  });

  test('row 20: of a server that is down for a while is resumed when it is up again', async () => {
    const outages: End[] = [
      ({ request }) => void request.socket.resetAndDestroy(),
      ({ response }) => void response.writeHead(503).end(),
      ({ response }) => void response.writeHead(502).end('<html>Bad Gateway'),
    ];
    let call: Exchange | undefined;
    await using server = await startRawHttpServer({
      'tools/call': (exchange) => {
        call = exchange;
        startsThen('retry: 1\nid: first\ndata:\n\n', ({ request }) => void request.socket.destroy())(exchange);
      },
      GET: (exchange) => {
        const outage = outages.shift();
        if (call === undefined) exchange.response.writeHead(405).end();
        else if (outage === undefined) exchange.events(answerOf(call, 'resumed'));
        else outage(exchange);
      },
    });
    await using client = legacyClient(server.url);
    expect((await client.callTool('any')).text()).toBe('resumed');
    expect(countOf(server.requests, 'tools/call')).toBe(1);
  });

  test('row 20: of a server that refuses connections for 6 s is resumed', { timeout: 40_000 }, async () => {
    const callArrived = Promise.withResolvers<Exchange>();
    const server = await startRawHttpServer({
      'tools/call': (exchange) => {
        exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
        exchange.response.write('retry: 100\nid: first\ndata:\n\n', () => callArrived.resolve(exchange));
      },
    });
    await using client = legacyClient(server.url);
    const call = client.callTool('any', {}, { maxTotalMs: 30_000 });
    const asked = await callArrived.promise;
    await sleep(50); // The event has arrived.
    await server.close();
    await sleep(6000);
    const resumed: unknown[] = [];
    const resumes: Answer = (exchange) => {
      resumed.push(exchange.request.headers['last-event-id']);
      exchange.events(answerOf(asked, 'resumed'));
    };
    const again = await startRawHttpServer({ GET: resumes }, Number(new URL(server.url).port));
    expect((await call).text()).toBe('resumed');
    await again.close();
    expect(resumed[0]).toBe('first');
  });

  test('row 20: that cannot be resumed any more fails its call', async () => {
    await using server = await startRawHttpServer({
      'tools/call': startsThen('retry: 1\nid: first\ndata:\n\n', ({ response }) => void response.destroy()),
      GET: ({ response }) => void response.writeHead(405).end(),
    });
    await using client = legacyClient(server.url);
    expect(await rejectionOf(client.callTool('any'))).toMatchObject({ code: 'delivery-unknown', attempts: 1 });
  });

  test('row 20: is resumed when every connection to a real server is cut', async () => {
    await using server = await startHttpServer('v1-server');
    await using client = legacyClient(server.url);
    const call = client.callTool('slow', { label: 'a', steps: 5, stepMs: 100 });
    await eventually(async () => expect((await server.seen()).started).toEqual(['a']));
    await server.control('_cut').catch(() => {}); // It cuts this request, too.
    expect((await call).text()).toBe('a done');
    expect((await server.seen()).started).toEqual(['a']);
  });
});
