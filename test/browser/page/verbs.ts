import type { McpClient } from '@toolwire/client-core';
import { equal, eventually, rejection, type Check } from './check.ts';
import { wires, withClient } from './wires.ts';

/** The same calls over every wire. */
export const verbChecks: readonly Check[] = wires.flatMap((wire) => [
  {
    title: `${wire.name}: agrees on the revision, lists every tool`,
    run: (stage) =>
      withClient(wire, stage, async (client) => {
        const names = (await client.listTools()).map(({ name }) => name);
        equal(client.server?.protocolVersion, wire.version);
        equal(names.at(0), 'echo');
        equal(names.includes('spare_12'), true);
      }),
  },
  {
    title: `${wire.name}: calls tools; text of any script, values, bytes, failures, large answers`,
    run: (stage) => withClient(wire, stage, callTools),
  },
  {
    title: `${wire.name}: hears of progress`,
    run: (stage) =>
      withClient(wire, stage, async (client) => {
        const steps: number[] = [];
        const args = { label: 'progress', steps: 3, stepMs: 10 };
        await client.callTool('slow', args, { onProgress: ({ progress }) => steps.push(progress) });
        equal(steps, [1, 2, 3]);
      }),
  },
  {
    title: `${wire.name}: cancels calls, which frees their connections`,
    run: (stage) => withClient(wire, stage, cancelCalls),
  },
  {
    title: `${wire.name}: answers what the server asks, in more calls than a browser has connections`,
    run: (stage) => withClient(wire, stage, answerQuestions, { handlers: { elicitation: () => answer } }),
  },
]);

const answer = { action: 'accept' as const, content: { name: 'Ada', proceed: true } };

async function callTools(client: McpClient): Promise<void> {
  const text = 'naïve ✓ 👍 日本語';
  equal((await client.callTool('echo', { text })).text(), text);
  equal((await client.callTool('add', { a: 2, b: 3 })).json(), { sum: 5 });
  const [image] = (await client.callTool('picture')).images();
  equal(image?.mimeType, 'image/png');
  equal([...(image?.data ?? [])].slice(0, 4), [0x89, 0x50, 0x4e, 0x47]);
  const failed = await client.callTool('fail');
  equal([failed.isError, failed.text()], [true, 'the disk is full']);
  equal((await client.callTool('big', { size: 2 ** 20 })).text().length, 2 ** 20);
}

async function answerQuestions(client: McpClient): Promise<void> {
  const calls = Array.from({ length: 10 }, () => client.callTool('confirm'));
  for (const result of await Promise.all(calls)) equal(result.json(), answer);
}

/** More calls than a browser has connections to one server: each one has to be freed. */
async function cancelCalls(client: McpClient): Promise<void> {
  for (let round = 1; round <= 3; round++) {
    const labels = Array.from({ length: 3 }, () => crypto.randomUUID());
    const underWay = new Set<string>();
    const cancelling = new AbortController();
    const { signal } = cancelling;
    const calls = labels.map((label) => {
      const onProgress = (): unknown => underWay.add(label);
      return rejection(client.callTool('slow', { label, steps: 1000, stepMs: 20 }, { signal, onProgress }));
    });
    await eventually(() => equal(underWay.size, 3));
    cancelling.abort(new Error('changed my mind'));
    for (const error of await Promise.all(calls)) equal(error === signal.reason, true);
    await eventually(async () => {
      const { cancelled } = (await client.callTool('seen')).json() as { cancelled: string[] }; // As the tool says.
      equal(
        labels.filter((label) => !cancelled.includes(label)),
        [],
      );
    });
  }
}
