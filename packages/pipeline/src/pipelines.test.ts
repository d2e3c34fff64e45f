import { DeliveryUnknownError, type JsonObject, type ToolCaller } from '@toolwire/client-core';
import { createTestServer, type TestServer } from '@toolwire/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PipelineDefinition, Step } from './definition.ts';
import type { RunEvent } from './events.ts';
import { openPipelines, type Pipelines, type PipelinesOptions } from './pipelines.ts';
import { sleep } from './waiting.ts';

interface Tracker {
  readonly server: TestServer;
  readonly caller: ToolCaller;
  /** What was created, in order. */
  readonly created: string[];
  /** How many calls were under way at once, at most. */
  readonly peak: () => number;
}

const key = { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] };

/** A server of issues and tickets, which can be told to fail. */
async function startTracker({ count = 3, waitMs = 0 } = {}): Promise<Tracker> {
  const created: string[] = [];
  let open = 0;
  let peak = 0;
  const server = createTestServer({
    tools: {
      list: {
        annotations: { readOnlyHint: true },
        handler: () => ({ issues: Array.from({ length: count }, (_, index) => ({ number: index + 1 })) }),
      },
      create: {
        inputSchema: key,
        handler: async ({ key: wanted }: { key: string }) => {
          open += 1;
          peak = Math.max(peak, open);
          await sleep(waitMs);
          open -= 1;
          if (wanted.includes('poison')) throw new Error('this one is poison');
          created.push(wanted);
          return { id: `T-${wanted}` };
        },
      },
      find: {
        inputSchema: key,
        annotations: { readOnlyHint: true },
        handler: ({ key: wanted }: { key: string }) => created.filter((entry) => entry === wanted),
      },
    },
  });
  const client = await server.connect();
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, caller: client, created, peak: () => peak };
}

async function openWith(servers: PipelinesOptions['servers'], options: PipelinesOptions = {}): Promise<Pipelines> {
  const pipelines = await openPipelines({ engine: { kind: 'memory' }, ...(servers && { servers }), ...options });
  onTestFinished(() => pipelines.close());
  return pipelines;
}

function story(...steps: Step[]): PipelineDefinition {
  return { name: 'story', servers: { tracker: { trustAnnotations: true } }, steps };
}

const issues: Step = { id: 'issues', call: 'tracker.list', output: '${{ result.issues }}' };
const tickets: Step = {
  id: 'ticket',
  forEach: '${{ issues }}',
  key: '${{ item.number }}',
  call: 'tracker.create',
  args: { key: 'ticket ${{ item.number }}' },
};
const notify: Step = {
  id: 'notify',
  forEach: 'ticket',
  call: 'tracker.create',
  args: { key: '${{ ticket.id }} for #${{ item.number }}' },
};

/** A caller whose answers of `create` are lost, though it happens, as often as `times` says. */
function losing(caller: ToolCaller, times: number): ToolCaller {
  let left = times;
  return {
    listTools: () => caller.listTools(),
    async callTool(name, args, options) {
      const result = await caller.callTool(name, args, options);
      if (name !== 'create' || left-- <= 0) return result;
      throw new DeliveryUnknownError('the answer was lost');
    },
  };
}

describe('a run', () => {
  test('gives what its last step gave, and what each step gave goes to those after it', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    expect(await pipelines.run(story(issues, tickets, notify))).toHaveLength(3);
    expect(created.toSorted()).toEqual([
      'T-ticket 1 for #1',
      'T-ticket 2 for #2',
      'T-ticket 3 for #3',
      'ticket 1',
      'ticket 2',
      'ticket 3',
    ]);
  });

  test('gives its output, made of input and results', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const input = {
      type: 'object',
      properties: { who: { type: 'string' }, greeting: { default: 'hello' } },
      required: ['who'],
    };
    const pipeline = {
      ...story(issues),
      input,
      output: { text: '${{ input.greeting }} ${{ input.who }}', n: '${{ issues.length }}' },
    };
    expect(await pipelines.run(pipeline, { input: { who: 'Ada' } })).toEqual({ text: 'hello Ada', n: 3 });
    await expect(pipelines.run(pipeline, { input: { who: 7 } })).rejects.toMatchObject({ code: 'input-invalid' });
  });

  test('skips a step, or an item, whose `when` is not so', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const never: Step = { ...notify, id: 'never', when: 'issues.length > 10' };
    const run = await pipelines.start(story(issues, { ...tickets, when: 'item.number != 2' }, notify, never));
    await pipelines.wait(run.id);
    expect(created.filter((entry) => entry.startsWith('ticket'))).toEqual(['ticket 1', 'ticket 3']);
    expect(created).toHaveLength(4);
    const steps = await pipelines.steps(run.id);
    expect(steps.map(({ step, key: item }) => `${step} ${item ?? ''}`.trim())).toEqual([
      'issues',
      'ticket 1',
      'ticket 3',
      'notify 1',
      'notify 3',
    ]);
  });

  test('a poison item stops only itself; the run is failed, and tells which', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const poisoned: Step = {
      ...tickets,
      args: { key: '${{ item.name }}' },
      forEach: [
        { number: 1, name: 'a' },
        { number: 2, name: 'poison' },
        { number: 3, name: 'c' },
      ],
    };
    const run = await pipelines.wait((await pipelines.start(story(poisoned, notify))).id);
    expect(run).toMatchObject({
      status: 'failed',
      problems: [{ step: 'ticket', key: '2', status: 'failed', error: 'this one is poison' }],
    });
    expect(created.toSorted()).toEqual(['T-a for #1', 'T-c for #3', 'a', 'c']);
  });

  test('a step that fails stops the run, unless it says `continue`', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const poison: Step = { id: 'poison', call: 'tracker.create', args: { key: 'poison' } };
    const after: Step = { id: 'after', call: 'tracker.create', args: { key: 'after' } };
    await expect(pipelines.run(story(poison, after))).rejects.toMatchObject({
      code: 'run-failed',
      run: { status: 'failed' },
    });
    expect(created).toEqual([]);
    await expect(pipelines.run(story({ ...poison, onError: 'continue' }, after))).rejects.toThrow(
      'poison: this one is poison',
    );
    expect(created).toEqual(['after']);
  });

  test('an argument that is not there fails its item, and nothing is sent', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    await expect(pipelines.run(story(issues, { ...tickets, args: { key: '${{ item.title }}' } }))).rejects.toThrow(
      'ticket[1]: item.title is not there, and 2 more',
    );
    expect(created).toEqual([]);
  });

  test('two items of one key are refused before any is done', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    await expect(pipelines.run(story(issues, { ...tickets, key: 'same' }))).rejects.toThrow(
      'Items 0 and 1 have the same key, same',
    );
    expect(created).toEqual([]);
  });

  test('keeps the limit of a thousand items to eight', async () => {
    const { caller, created, peak } = await startTracker({ count: 1000, waitMs: 1 });
    const pipelines = await openWith({ tracker: caller });
    await pipelines.run(story(issues, tickets), { concurrency: 8 });
    expect(new Set(created).size).toBe(1000);
    expect(created).toHaveLength(1000);
    expect(peak()).toBe(8);
  });

  test('keeps the limit of a server over all runs', async () => {
    const { caller, peak } = await startTracker({ count: 6, waitMs: 5 });
    const pipelines = await openWith({ tracker: caller });
    const pipeline = { ...story(issues, tickets), servers: { tracker: { trustAnnotations: true, concurrency: 2 } } };
    await Promise.all([pipelines.run(pipeline), pipelines.run(pipeline)]);
    expect(peak()).toBe(2);
  });

  test('tells what happens as it happens', async () => {
    const { caller } = await startTracker({ count: 1 });
    const pipelines = await openWith({ tracker: losing(caller, 1) });
    const found: Step = {
      ...tickets,
      reconcile: { call: 'tracker.find', args: { key: 'ticket 1' }, found: 'result', settle: 0 },
    };
    const { id } = await pipelines.start(story(issues, { id: 'pause', sleep: '20ms' }, found));
    const events: RunEvent[] = [];
    for await (const event of pipelines.watch(id)) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['settled', 'waiting', 'call-started', 'reconciling', 'step-ended', 'run-ended']),
    );
    expect(events.at(-1)).toMatchObject({ type: 'run-ended', status: 'completed' });
    expect(events.filter(({ type }) => type === 'settled')).toHaveLength(3);
  });
});

describe('a call', () => {
  test('carries a key that is the same for every attempt, in `_meta` and where the tool takes it', async () => {
    const { server, caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const keyed: Step = { ...tickets, idempotencyKey: 'options.requestId' };
    const { id } = await pipelines.start(story(issues, keyed), { id: 'nightly' });
    await pipelines.wait(id);
    await pipelines.retry(id, { from: 'ticket' });
    await pipelines.wait(id);
    const sent = server.calls.filter(({ method, params }) => method === 'tools/call' && params['name'] === 'create');
    const metas = sent.map(({ meta }) => meta['dev.toolwire/idempotencyKey']);
    const given = sent.map(({ params }) => ((params['arguments'] as JsonObject)['options'] as JsonObject)['requestId']);
    expect(metas).toEqual(given);
    expect(metas).toHaveLength(6); // Two attempts at three calls.
    expect(new Set(metas).size).toBe(3);
    expect(metas[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('whose answer is lost is found, and not made twice', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: losing(caller, 2) });
    const found: Step = {
      ...tickets,
      reconcile: {
        call: 'tracker.find',
        args: { key: 'ticket ${{ key }}' },
        found: 'result[0]',
        as: { id: 'T-${{ found }}' },
        settle: 0,
      },
    };
    const { id } = await pipelines.start(story(issues, found, notify));
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed' });
    expect(created.filter((entry) => entry.startsWith('ticket'))).toHaveLength(3);
    expect((await pipelines.steps(id)).filter(({ isReconciled }) => isReconciled)).toHaveLength(2);
  });

  test('whose answer is lost, and that nothing can look for, stops the run for a person', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: losing(caller, 1) });
    const { id } = await pipelines.start(story(issues, tickets));
    expect(await pipelines.wait(id)).toMatchObject({
      status: 'needs-attention',
      problems: [{ step: 'ticket', status: 'unknown', error: expect.stringContaining('the answer was lost') }],
    });
    expect(created).toHaveLength(3);
    const again = await pipelines.wait((await pipelines.retry(id)).id);
    expect(again.status).toBe('needs-attention'); // Nobody has said what became of it.
    expect(created).toHaveLength(3);
    expect(await pipelines.wait((await pipelines.retry(id, { unknown: 'done' })).id)).toMatchObject({
      status: 'completed',
      attempt: 3,
    });
    expect(created).toHaveLength(3);
  });

  test('whose fate is unknown is made again where a person says so', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: losing(caller, 1) });
    const { id } = await pipelines.start(story(issues, tickets));
    await pipelines.wait(id);
    await pipelines.wait((await pipelines.retry(id, { unknown: 'again' })).id);
    expect(created).toHaveLength(4);
  });

  test('that a trusted server calls read-only is repeated; that of any other server is not', async () => {
    const { caller } = await startTracker();
    let calls = 0;
    const lossy: ToolCaller = {
      listTools: () => caller.listTools(),
      async callTool(name, args, options) {
        calls += 1;
        if (calls % 2 === 1) throw new DeliveryUnknownError('lost');
        return caller.callTool(name, args, options);
      },
    };
    const pipelines = await openWith({ tracker: lossy });
    const quick: Step = { ...issues, retries: { delay: 0 } };
    expect(await pipelines.run(story(quick))).toHaveLength(3);
    await expect(pipelines.run({ ...story(quick), servers: {} })).rejects.toMatchObject({ code: 'needs-attention' });
    expect(await pipelines.run({ ...story({ ...quick, idempotent: true }), servers: {} })).toHaveLength(3);
  });

  test('whose result is too large to keep has happened, and is not made again', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller }, { maxStoredBytes: 200 });
    const big: Step = { id: 'big', call: 'tracker.create', args: { key: 'x'.repeat(300) } };
    const { id } = await pipelines.start(story(big));
    expect(await pipelines.wait(id)).toMatchObject({
      problems: [{ error: expect.stringContaining('keep less by `output`') }],
    });
    expect(await pipelines.wait((await pipelines.retry(id)).id)).toMatchObject({ status: 'needs-attention' });
    expect(created).toHaveLength(1);
  });
});

describe('a step that waits', () => {
  const approval: Step = { id: 'ok', approval: 'Create ${{ issues.length }} tickets?' };

  test('for an approval goes on when there is one, and asks what it was told to', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const { id } = await pipelines.start(story(issues, approval, tickets));
    await expect
      .poll(() => pipelines.steps(id))
      .toContainEqual(
        expect.objectContaining({
          step: 'ok',
          status: 'open',
          waitsFor: { for: 'approval', question: 'Create 3 tickets?', until: expect.any(Number) },
        }),
      );
    expect(created).toEqual([]);
    await pipelines.signal(id, 'ok', { approved: true });
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed' });
    expect(created).toHaveLength(3);
  });

  test('for an approval fails when it is refused, or when nobody answers', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const { id } = await pipelines.start(story(issues, approval));
    await pipelines.signal(id, 'ok', { approved: false, comment: 'too many' });
    expect(await pipelines.wait(id)).toMatchObject({
      status: 'failed',
      problems: [{ error: 'It was refused: too many' }],
    });
    await expect(pipelines.run(story(issues, { ...approval, timeout: '10ms' }))).rejects.toThrow(
      'Nobody answered in 10ms',
    );
  });

  test('for a webhook gives what it brings, once for each message', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const hooks: Step[] = [
      { id: 'first', webhook: 'the build' },
      { id: 'second', webhook: 'the deployment' },
    ];
    const pipeline = { ...story(...hooks), output: ['${{ first.name }}', '${{ second.name }}'] };
    const { id } = await pipelines.start(pipeline);
    for (const name of ['one', 'other'])
      await pipelines.signal(id, 'first', { event: { name } }, { messageId: 'msg_1' });
    await pipelines.signal(id, 'second', { event: { name: 'two' } }, { messageId: 'msg_1' });
    expect((await pipelines.wait(id)).output).toEqual(['one', 'two']);
    await expect(pipelines.signal(id, 'second', { event: 'x'.repeat(2 ** 20) })).rejects.toMatchObject({
      code: 'input-invalid',
    });
    await expect(pipelines.signal(id, 'second', { approved: true })).rejects.toMatchObject({ code: 'wrong-state' });
  });
});

describe('a sub-pipeline', () => {
  const inner: PipelineDefinition = {
    ...story({ id: 'made', call: 'tracker.create', args: { key: '${{ input.key }}' } }),
    name: 'inner',
  };
  const outer = story({ id: 'sub', forEach: '${{ input.keys }}', pipeline: inner, input: { key: '${{ item }}' } });

  test('is a run of its own for each item', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    expect(await pipelines.run(outer, { id: 'outer', input: { keys: ['a', 'b'] } })).toEqual([
      { id: 'T-a' },
      { id: 'T-b' },
    ]);
    expect(await pipelines.list()).toHaveLength(1);
    expect(await pipelines.list({ children: true })).toHaveLength(3);
    expect(await pipelines.get('outer/sub[a]')).toMatchObject({ parent: 'outer', status: 'completed' });
  });

  test('knows the servers of the pipeline around it, and wants an input that fits', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const input = { type: 'object', properties: { key: { type: 'string', default: 'z' } } };
    const bare: PipelineDefinition = { name: 'bare', input, steps: [{ ...issues, id: 'made' }] };
    const around = { ...story({ id: 'sub', pipeline: bare, input: { key: '${{ input.key ?? "y" }}' } }) };
    expect(await pipelines.run(around)).toHaveLength(3); // Trusted by the outer pipeline: see its servers.
    expect(await pipelines.check(around)).toEqual([]);
    await expect(pipelines.run(around, { input: { key: 7 } })).rejects.toThrow('sub: The input of bare is wrong');
  });

  test('that failed goes on where it was when the run is retried', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const steps: Step[] = [
      { id: 'first', call: 'tracker.create', args: { key: 'first ${{ input.key }}' } },
      { id: 'ok', approval: 'Go on?' },
    ];
    const { id } = await pipelines.start(story({ id: 'sub', pipeline: { ...inner, steps }, input: { key: 'a' } }), {
      id: 'outer',
    });
    await expect.poll(() => created).toEqual(['first a']);
    await pipelines.signal('outer/sub', 'ok', { approved: false });
    expect(await pipelines.wait(id)).toMatchObject({
      status: 'failed',
      problems: [{ error: expect.stringContaining('Its run outer/sub failed: ok: It was refused') }],
    });
    await pipelines.retry(id);
    await pipelines.signal('outer~2/sub', 'ok', { approved: true });
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed', id: 'outer~2' });
    expect(created).toEqual(['first a']);
  });
});

describe('runs can be', () => {
  test('started twice under one id, which is once', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    await Promise.all([
      pipelines.start(story(issues, tickets), { id: 'nightly' }),
      pipelines.start(story(issues, tickets), { id: 'nightly' }),
    ]);
    await pipelines.wait('nightly');
    expect(created).toHaveLength(3);
    await expect(pipelines.start(story(issues), { id: 'nightly', input: { other: true } })).rejects.toMatchObject({
      code: 'run-exists',
    });
    await expect(pipelines.start(story(issues), { id: 'a/b' })).rejects.toMatchObject({ code: 'input-invalid' });
  });

  test('cancelled, and resumed where they were', async () => {
    const { caller, created } = await startTracker({ count: 6, waitMs: 20 });
    const pipelines = await openWith({ tracker: caller });
    const found: Step = {
      ...tickets,
      reconcile: { call: 'tracker.find', args: { key: 'ticket ${{ key }}' }, found: 'result[0]', settle: '40ms' },
    };
    const { id } = await pipelines.start(story(issues, found), { concurrency: 1 });
    await expect.poll(() => created.length).toBeGreaterThan(1);
    await pipelines.cancel(id);
    expect(await pipelines.wait(id)).toMatchObject({ status: 'cancelled' });
    expect(created.length).toBeLessThan(6);
    await pipelines.resume(id);
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed' });
    expect(created.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `ticket ${number}`));
    await expect(pipelines.resume(id)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('retried: what failed is done again, and nothing else', async () => {
    const { caller, created } = await startTracker();
    let isDown = true;
    const moody: ToolCaller = {
      listTools: () => caller.listTools(),
      callTool: (name, args, options) =>
        caller.callTool(name, isDown && args?.['key'] === 'ticket 2' ? { key: 'poison' } : args, options),
    };
    const pipelines = await openWith({ tracker: moody });
    const { id } = await pipelines.start(story(issues, tickets, notify));
    expect(await pipelines.wait(id)).toMatchObject({ status: 'failed' });
    expect(created).toHaveLength(4);
    isDown = false;
    const retried = await pipelines.retry(id);
    expect(retried).toMatchObject({ id: `${id}~2`, attempt: 2 });
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed', id: `${id}~2` });
    const carried = (await pipelines.steps(id)).filter(({ isCarried }) => isCarried);
    expect(carried.map(({ step, key: item }) => `${step} ${item ?? ''}`)).toEqual([
      'issues ',
      'ticket 1',
      'ticket 3',
      'notify 1',
      'notify 3',
    ]);
    expect(carried[1]).toMatchObject({ status: 'done', result: { id: 'T-ticket 1' } });
    expect(created.toSorted()).toEqual(
      [1, 2, 3].flatMap((number) => [`T-ticket ${number} for #${number}`, `ticket ${number}`]).toSorted(),
    );
  });

  test('retried from a step: calls that must not happen twice are looked for', async () => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    const found: Step = {
      ...tickets,
      args: { key: 'ticket ${{ key }} of ${{ run.id }}' },
      reconcile: {
        call: 'tracker.find',
        args: { key: 'ticket ${{ key }} of ${{ run.id }}' },
        found: 'result[0]',
        as: { id: 'T-${{ found }}' },
        settle: 0,
      },
    };
    const again: Step = { ...notify, idempotent: true };
    const { id } = await pipelines.start(story(issues, found, again));
    await pipelines.wait(id);
    await expect(pipelines.retry(id)).rejects.toMatchObject({ code: 'wrong-state' });
    await pipelines.retry(id, { from: 'ticket' });
    expect(await pipelines.wait(id)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(created.filter((entry) => entry.startsWith('ticket'))).toHaveLength(3);
    expect(created.filter((entry) => entry.startsWith('T-'))).toHaveLength(6);
    await expect(pipelines.retry(id, { from: 'nowhere' })).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('forgotten once they have ended', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    await pipelines.run(story(issues), { id: 'old' });
    await pipelines.start(story({ id: 'ok', approval: 'Go on?' }), { id: 'open' });
    await sleep(5);
    expect(await pipelines.prune({ olderThanMs: 60_000 })).toEqual([]);
    expect(await pipelines.prune({ olderThanMs: 0 })).toEqual(['old']);
    await expect(pipelines.get('old')).rejects.toMatchObject({ code: 'run-not-found' });
    expect(await pipelines.list()).toMatchObject([{ id: 'open' }]);
  });
});

describe('before anything is done, a pipeline is checked with its servers', () => {
  test.each<[string, Step, string]>([
    ['a server that nobody has', { id: 'a', call: 'nobody.create' }, 'there is no server "nobody"'],
    [
      'a tool that is not there',
      { id: 'a', call: 'tracker.creat' },
      'tracker has no tool "creat"; it has list, create, find',
    ],
    ['an argument that does not fit', { id: 'a', call: 'tracker.create', args: { key: 7 } }, 'step a:'],
    ['an argument that is missing', { id: 'a', call: 'tracker.create' }, 'step a:'],
    [
      'a lookup that is not there',
      { id: 'a', call: 'tracker.create', args: { key: 'x' }, reconcile: { call: 'tracker.look', found: 'result' } },
      'no tool "look"',
    ],
  ])('%s', async (_what, step, problem) => {
    const { caller, created } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    await expect(pipelines.start(story(step))).rejects.toMatchObject({
      code: 'definition-invalid',
      message: expect.stringContaining(problem),
    });
    expect(created).toEqual([]);
  });

  test('it warns of calls that an interruption would leave unknown', async () => {
    const { caller } = await startTracker();
    const pipelines = await openWith({ tracker: caller });
    expect(await pipelines.check(story(issues, tickets))).toEqual([
      expect.objectContaining({
        severity: 'warning',
        step: 'ticket',
        message: expect.stringContaining('may not be repeated'),
      }),
    ]);
  });
});

test('secrets are filled in for a call, and never stored', async () => {
  const canary = 'canary-51f2';
  const { caller, server } = await startTracker();
  const pipelines = await openWith({ tracker: caller }, { env: { API_TOKEN: canary } });
  const leaky = story({ id: 'made', call: 'tracker.create', args: { key: 'made by ${{ env.API_TOKEN }}' } });
  const { id } = await pipelines.start(leaky, { input: { note: `it is ${canary}` } });
  const run = await pipelines.wait(id);
  expect(run.output).toEqual({ id: 'T-made by [redacted]' });
  expect(server.toolCalls('create')).toEqual([{ key: `made by ${canary}` }]);
  const poison = await pipelines.start(
    story({ id: 'made', call: 'tracker.create', args: { key: 'poison ${{ env.API_TOKEN }} ${{ input.none }}' } }),
  );
  await pipelines.wait(poison.id);
  expect(
    JSON.stringify([await pipelines.list(), await pipelines.steps(id), await pipelines.steps(poison.id)]),
  ).not.toContain(canary);
});
