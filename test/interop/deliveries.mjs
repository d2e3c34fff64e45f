// What a sender, honest or not, delivers to each of `urls`, and what it gets; prints each delivery that was met as promised.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { signWebhook } from '@toolwire/webhooks';

const { urls, secret } = JSON.parse(process.argv[2]);
const limit = 262_144;
const received = [200, '{"status":"received"}'];
const refused = [401, '{"error":"Invalid signature"}'];
const tooLarge = [413, '{"error":"Payload too large"}'];
const unsupported = [415, '{"error":"Unsupported media type"}'];

const first = await signed('first');
const chunked = { 'transfer-encoding': 'chunked' };

/** What is sent, the answer, and the tools that the handler then gets to know of. */
const deliveries = {
  signed: { sent: first, answer: received, handled: ['first'] },
  'the same again': { sent: first, answer: received },
  'in chunks': { sent: await signed('chunks', chunked), answer: received, handled: ['chunks'] },
  forged: { sent: changed(await signed('forged'), '"tool":"f', '"tool":"F'), answer: refused },
  'FF for U+FFFD': { sent: changed(await signed('twin'), '\xEF\xBF\xBD', '\xFF'), answer: refused },
  'a header twice': { sent: withHeaderTwice(await signed('twice')), answer: refused },
  'too large': { sent: await signed('x'.repeat(limit)), answer: tooLarge },
  'too large in chunks': { sent: await signed('x'.repeat(limit), chunked), answer: tooLarge },
  compressed: { sent: compressed(await signed('compressed')), answer: unsupported },
  'another type': { sent: await signed('type', { 'content-type': 'text/plain' }), answer: unsupported },
};

for (const [name, { sent, answer, handled = [] }] of Object.entries(deliveries)) {
  for (const url of urls) {
    const before = await handledAt(url);
    const got = await send(url, sent);
    const after = await handledAt(url);
    assert.deepEqual([got, after.slice(before.length)], [answer, handled], `${name}: ${url}`);
  }
  console.log(name);
}

async function signed(tool, headers = {}) {
  const body = Buffer.from(JSON.stringify({ event: 'tool_executed', tool, result: 'naïve \uFFFD' }));
  const signature = await signWebhook(body, { id: `msg_${tool.slice(0, 10)}`, secrets: secret });
  return { headers: { 'content-type': 'application/json', ...signature, ...headers }, body };
}

/** With other bytes, written as Latin-1, under the same signature. */
function changed({ headers, body }, from, to) {
  const text = body.toString('latin1');
  assert.ok(text.includes(from));
  return { headers, body: Buffer.from(text.replace(from, to), 'latin1') };
}

function withHeaderTwice({ headers, body }) {
  const signature = headers['webhook-signature'];
  return { headers: { ...headers, 'webhook-signature': [signature, signature] }, body };
}

function compressed({ headers, body }) {
  return { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
}

async function send(url, { headers, body }) {
  const request = httpRequest(url, { method: 'POST', headers }).end(body);
  const [response] = await once(request, 'response');
  request.on('error', () => {}); // The server may be gone before the whole body is sent.
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return [response.statusCode, text];
}

/** The tools that the handler there got to know of so far. */
async function handledAt(url) {
  const { runtime, handled } = await (await fetch(url)).json();
  assert.ok(url.endsWith(`/${runtime}`), `${url} runs in ${runtime}`);
  return handled;
}
