import { answered, askAll, failuresIn } from '../ask-all.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { failureAsJson } from '../output/failure.ts';
import { openShow } from '../output/show.ts';
import { resolveTargets } from '../targets.ts';

interface Times {
  readonly connectMs: number;
  readonly pingMs: number;
}

/** `mcp ping [SERVER…]`: how long each server takes to connect and to answer; fails when one of them does not. */
export async function ping(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const answers = await askAll(targets, context, (server) =>
    server.use(async (client): Promise<Times> => {
      const connectMs = await timed(() => client.connect());
      return { connectMs, pingMs: await timed(() => client.ping()) };
    }),
  );
  const alive = answered(answers);
  const errors = failuresIn(answers);
  const servers = answers.map(({ server, value, error }) => [server.name, value ?? failureAsJson(error)] as const);
  const rows = alive.map(({ server, value }) => [
    server.name,
    `${value.pingMs} ms`,
    `connected in ${value.connectMs} ms`,
  ]);
  if (alive.length > 0 || settings.json) {
    await show({
      value: { servers: Object.fromEntries(servers) },
      body: { head: ['Server', 'Answer', 'Connection'], groups: [{ name: '', rows }], plural: 'servers' },
      lines: servers.map(([server, times]) => ({ server, ...times })),
    });
  }
  return failWithAll(errors, context);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((performance.now() - start) * 10) / 10;
}
