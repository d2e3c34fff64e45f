import { AuthError, connect } from '@toolwire/client-core';
import { subscribeEvents, type ServerSentEvent } from '@toolwire/client-core/events';
import { equal, eventually, rejection, urlOf, type Check, type Stage } from './check.ts';

/** Wires without a handshake of their own, and servers that refuse. */
export const plainWireChecks: readonly Check[] = [
  {
    title: 'events: in order, after a lost stream from where it ended, until the server says that there are no more',
    run: readEvents,
  },
  ...(['post', 'rest'] as const).map((transport): Check => ({
    title: `transport ${transport}: lists and calls`,
    async run(stage) {
      const { href } = new URL(transport === 'post' ? '/mcp' : '/', urlOf(stage, 'plain'));
      await using client = await connect({ url: href, transport });
      equal(
        (await client.listTools()).map(({ name }) => name),
        ['process_data'],
      );
      equal((await client.callTool('process_data', { input: 'four' })).json(), { length: 4 });
    },
  })),
  {
    title: 'calls that are refused for now (429) are sent again',
    async run(stage) {
      const headers = { 'X-Client-Key': 'fbk_test' };
      await using client = await connect(urlOf(stage, 'fluxbase'), { headers, attempts: 10 });
      for (let call = 1; call <= 5; call++) equal((await client.callTool('think')).isError, false);
      equal(client.counters.retries > 0, true);
    },
  },
  {
    title: 'a wrong key is an AuthError that names the header',
    async run(stage) {
      const headers = { 'X-Client-Key': 'wrong' };
      const error = await rejection(connect(urlOf(stage, 'fluxbase'), { headers }));
      equal([error instanceof AuthError, (error as AuthError).header], [true, 'x-client-key']);
    },
  },
];

async function readEvents(stage: Stage): Promise<void> {
  const tell = (...words: unknown[]): Promise<void> => stage.control('plain', 'tell', words);
  await tell('endStreams'); // From now on there is one.
  const events: ServerSentEvent[] = [];
  let reconnections = 0;
  const subscription = subscribeEvents(new URL('/mcp/stream', urlOf(stage, 'plain')), {
    onReconnecting: () => (reconnections += 1),
  });
  const reading = (async () => {
    for await (const event of subscription) events.push(event);
  })();
  const last = (): unknown => events.at(-1)?.json();

  await eventually(async () => {
    await tell('publish', { text: 'first ✓' }); // Until the stream is open, nobody hears of it.
    equal(last(), { text: 'first ✓' });
  });
  await tell('endStreams');
  await tell('publish', 'while nobody listened');
  await eventually(() => equal(last(), 'while nobody listened'));
  equal(events.at(-1)?.type, 'tool_executed');
  equal(reconnections, 1);
  const ids = events.map(({ id }) => Number(id));
  equal(
    ids,
    ids.map((_, index) => (ids[0] ?? 0) + index),
  );
  await tell('endStreams', true);
  await reading;
}
