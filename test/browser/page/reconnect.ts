import { collect, equal, eventually, urlOf, type Check } from './check.ts';
import { wires, withClient, type Wire } from './wires.ts';

const [settings, readme] = ['config://settings', 'notes://readme'];

/** A server dies and comes back, over every wire. */
export const reconnectChecks: readonly Check[] = wires.map((wire) => ({
  title: `${wire.name}: a subscription is heard again when its server was killed and started again`,
  isDisruptive: true,
  run: (stage) =>
    withClient(wire, stage, async (client) => {
      const subscription = await client.subscribe({ resources: [settings, readme] });
      const changes = collect(subscription);
      const statuses = collect(client.status());
      const changesOf = (uri: string): number =>
        changes.filter((change) => change.type === 'resource' && change.uri === uri).length;
      await client.callTool('touch', { uri: settings });
      await eventually(() => equal([changesOf(settings), changesOf(readme)], [1, 0]));

      await stage.control(wire.server, 'kill');
      await stage.control(wire.server, 'start');
      await eventually(() =>
        equal(
          statuses.some(({ type }) => type === 'resync'),
          true,
        ),
      );
      // What may have changed meanwhile is told as a change, of both.
      await eventually(() => equal(changesOf(readme) > 0, true));
      equal(changesOf(settings) - changesOf(readme), 1);
      await client.callTool('touch', { uri: readme });
      await eventually(() => equal(changesOf(settings) - changesOf(readme), 0));
      await subscription.close();
    }),
}));

/** A client that is closed leaves nothing behind. */
export const sessionChecks: readonly Check[] = wires
  .filter(({ server }) => hasSessions(server))
  .map((wire) => ({
    title: `${wire.name}: a client that is closed ends its session`,
    async run(stage) {
      const sessions = async (): Promise<unknown> => {
        const seen = await fetch(new URL('/_seen', urlOf(stage, wire.server)));
        return ((await seen.json()) as { sessions: unknown }).sessions; // As the server's control says.
      };
      await withClient(wire, stage, async (client) => {
        await client.connect();
        equal(await sessions(), 1);
      });
      await eventually(async () => equal(await sessions(), 0));
    },
  }));

function hasSessions(server: Wire['server']): boolean {
  return server === 'http-legacy' || server === 'http-sse';
}
