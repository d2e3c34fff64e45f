// What a client does with a server, over a network that breaks at the end; prints each verb that worked.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpClient } from '@toolwire/client-core';
import { webSocketTransport } from '@toolwire/client-ws';
import { faultProxy } from '@toolwire/testing';

const { url, headers = {}, prefix = '', verbs } = JSON.parse(process.argv[2]);
const proxy = await faultProxy(url);
const logs = [];
const client = new McpClient(() => webSocketTransport(proxy.url, { headers }), {
  timeoutMs: 20_000,
  onLog: ({ level }) => logs.push(level),
  handlers: { elicitation: () => ({ action: 'accept', content: { name: 'Ada', proceed: true } }) },
});
const call = (tool, args, options) => client.callTool(`${prefix}${tool}`, args, options);

const all = {
  async list() {
    const names = (await client.listTools()).map(({ name }) => name);
    assert.ok(names.includes(`${prefix}echo`), `no echo among ${names.join()}`);
  },
  async call() {
    assert.equal((await call('echo', { text: 'naïve ✓ 👍' })).text(), 'naïve ✓ 👍');
  },
  async many() {
    const words = Array.from({ length: 50 }, (_, index) => `word ${index}`);
    const results = await Promise.all(words.map((text) => call('echo', { text })));
    assert.deepEqual(
      results.map((result) => result.text()),
      words,
    );
  },
  async large() {
    assert.equal((await call('big', { size: 2 ** 20 })).text().length, 2 ** 20);
  },
  async failure() {
    const failed = await call('fail');
    assert.ok(failed.isError && failed.text().includes('the disk is full'));
    const unknown = await call('no_such_tool').catch((error) => error);
    assert.ok(unknown.isError || unknown.code === 'protocol-error', String(unknown));
  },
  async progress() {
    const steps = [];
    await call(
      'slow',
      { label: 'progress', steps: 3, stepMs: 10 },
      { onProgress: ({ progress }) => steps.push(progress) },
    );
    assert.deepEqual(steps, [1, 2, 3]);
  },
  async cancel() {
    const { signal } = stopAfter(300);
    const error = await call('slow', { label: 'cancelled', steps: 1, stepMs: 20_000 }, { signal }).catch(
      (reason) => reason,
    );
    assert.equal(error, signal.reason);
    await eventually(async () => assert.deepEqual((await call('seen')).json().cancelled, ['cancelled']));
  },
  async log() {
    await client.setLogLevel('debug');
    await call('log');
    await eventually(() => assert.deepEqual(logs, ['debug', 'info', 'warning', 'error']));
  },
  async elicitation() {
    assert.equal((await call('confirm')).json().action, 'accept');
  },
  async changes() {
    const subscription = await client.subscribe('config://settings');
    await call('touch', { uri: 'config://settings' });
    const { value } = await subscription[Symbol.asyncIterator]().next();
    assert.deepEqual(value, { type: 'resource', uri: 'config://settings' });
    await subscription.close();
  },
  async 'no token'() {
    const stranger = new McpClient(() => webSocketTransport(url), { attempts: 1 });
    const error = await stranger.connect().catch((reason) => reason);
    assert.equal(error.code, 'unauthorized', String(error));
    await stranger.close();
  },
  async reconnect() {
    const { accepted } = proxy;
    proxy.reset();
    await sleep(100);
    assert.equal((await call('echo', { text: 'again' })).text(), 'again');
    assert.ok(proxy.accepted > accepted);
  },
};

try {
  for (const verb of verbs) {
    await all[verb]().catch((cause) => {
      throw new Error(`${verb} failed`, { cause });
    });
    console.log(verb);
  }
} finally {
  await client.close();
  await proxy.close();
}

function stopAfter(ms) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller;
}

async function eventually(check) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await check();
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(50);
    }
  }
}
