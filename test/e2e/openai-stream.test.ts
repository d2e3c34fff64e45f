import { connect, type McpClient } from '@toolwire/client-core';
import type { BridgeEvent } from '@toolwire/openai-bridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stdioServer } from '../servers/launch.ts';
import { apis, call, startRun, type Api, type Run } from './openai-harness.ts';

let v2: McpClient;

beforeAll(async () => {
  v2 = await connect(stdioServer('v2-server'));
});

afterAll(() => v2.close());

type Event = BridgeEvent<{ readonly text: string; readonly finish: string }>;

function stream({ bridge, openai }: Run, api: Api, options: object = {}): AsyncGenerator<Event, void> {
  const model = 'gpt-4.1';
  return api === 'chat'
    ? bridge.stream(openai, { model, messages: [{ role: 'user', content: 'Go' }] }, options)
    : bridge.stream(openai, { model, input: 'Go' }, options);
}

/** The texts of pieces that follow one another, joined. */
function joined(events: readonly Event[]): string[] {
  const lines: string[] = [];
  for (const event of events) {
    const line = lineOf(event);
    const [kind] = line.split(' ');
    if ('delta' in event && lines.at(-1)?.startsWith(`${kind} `)) lines[lines.length - 1] += event.delta;
    else lines.push(line);
  }
  return lines;
}

function lineOf(event: Event): string {
  switch (event.type) {
    case 'argumentsDelta':
      return `${event.type}:${event.id}:${event.name} ${event.delta}`;
    case 'toolStart':
      return `${event.type} ${event.run.id} ${JSON.stringify(event.run.args)}`;
    case 'toolProgress':
      return `${event.type} ${event.id} ${event.progress.progress}/${event.progress.total}`;
    case 'toolEnd':
      return `${event.type} ${event.run.id} ${event.run.outcome}`;
    case 'done':
      return `${event.type} ${event.result.finish}`;
    default:
      return `${event.type} ${event.delta}`;
  }
}

describe.each(apis)('over %s', (api) => {
  test('a run is told piece by piece', async () => {
    const slow = { label: 'a', steps: 2, stepMs: 1 };
    const run = await startRun(v2, api, [
      { text: 'Let me see.', ...call('slow', slow) },
      { text: 'It is done, as you can see.' },
    ]);
    const events = await Array.fromAsync(stream(run, api));
    expect(joined(events)).toEqual([
      'text Let me see.',
      `argumentsDelta:call_1_0:slow ${JSON.stringify(slow)}`,
      `toolStart call_1_0 ${JSON.stringify(slow)}`,
      'toolProgress call_1_0 1/2',
      'toolProgress call_1_0 2/2',
      'toolEnd call_1_0 answered',
      'text It is done, as you can see.',
      'done stop',
    ]);
    expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(4);
    expect(run.refusals).toEqual([]);
  });

  test('several calls are told apart', async () => {
    const calls = ['one', 'two'].map((text) => ({ name: 'echo', arguments: { text } }));
    const run = await startRun(v2, api, [{ calls }, { text: 'Both.' }]);
    const lines = joined(await Array.fromAsync(stream(run, api)));
    expect(lines.slice(0, 4)).toEqual([
      'argumentsDelta:call_1_0:echo {"text":"one"}',
      'argumentsDelta:call_1_1:echo {"text":"two"}',
      'toolStart call_1_0 {"text":"one"}',
      'toolStart call_1_1 {"text":"two"}',
    ]);
    expect(run.answers()).toEqual(['one', 'two']);
  });

  test('a refusal, an answer that is cut and a call that is refused are told as such', async () => {
    const refused = await startRun(v2, api, [{ refusal: 'I will not.' }]);
    expect(joined(await Array.fromAsync(stream(refused, api)))).toEqual(['refusal I will not.', 'done refusal']);
    const cut = await startRun(v2, api, [{ text: 'Once upon', cut: 'length' }]);
    expect(joined(await Array.fromAsync(stream(cut, api)))).toEqual(['text Once upon', 'done length']);
    const wrong = await startRun(v2, api, [call('echo', '{"text"'), { text: 'Sorry.' }]);
    expect(joined(await Array.fromAsync(stream(wrong, api)))).toEqual([
      'argumentsDelta:call_1_0:echo {"text"',
      'toolStart call_1_0 undefined',
      'toolEnd call_1_0 refused',
      'text Sorry.',
      'done stop',
    ]);
  });

  test('a reader who leaves ends the run, and the tool is told', async () => {
    const run = await startRun(v2, api, [call('slow', { label: `left ${api}`, steps: 100, stepMs: 50 })]);
    for await (const event of stream(run, api)) if (event.type === 'toolProgress') break;
    await expect
      .poll(async () => (await v2.callTool('seen')).json())
      .toMatchObject({ cancelled: expect.arrayContaining([`left ${api}`]) });
  });

  test('an abort in the middle of an answer rejects with its reason', async () => {
    const abort = new AbortController();
    const run = await startRun(v2, api, [{ text: 'never said', stalls: true }]);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await expect(Array.fromAsync(stream(run, api, { signal: abort.signal }))).rejects.toThrow('enough');
  });
});
