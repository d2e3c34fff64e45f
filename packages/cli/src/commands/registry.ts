import type { RegistryServer } from '@toolwire/gateway-client';
import { CliError } from '../cli-error.ts';
import { variablesIn } from '../config/install-entry.ts';
import { checkName } from '../config/line-entry.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { openShow } from '../output/show.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { firstSentence } from '../output/table.ts';
import { askRegistry } from '../registry/ask-registry.ts';
import { describeServer, waysOf } from '../registry/describe-server.ts';
import { entryOfServer } from '../registry/entry-of-server.ts';
import { addEntry } from './servers-add.ts';

/** `mcp registry search TEXT`: the servers whose names hold a text. */
export async function registrySearch(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const text = oneOperand(context, 'search TEXT');
  const limit = settings.own.count('limit') ?? 30;
  const servers = await askRegistry(context, (registry) => registry.search(text, { limit, ...interruptible(context) }));
  const rows = servers.map((server) => [
    server.name,
    server.version ?? '',
    waysOf(server),
    firstSentence(server.description ?? ''),
  ]);
  await show({
    value: { servers },
    body: { head: ['Server', 'Version', 'Ways', 'Description'], groups: [{ name: '', rows }], plural: 'servers' },
    lines: servers,
  });
  if (servers.length === limit) await print(io.stderr, `mcp: there may be more than ${limit}: --limit N\n`);
  return 0;
}

/** `mcp registry show NAME`: all that the registry tells of one server. */
export async function registryShow(context: CommandContext): Promise<ExitCode> {
  const show = await openShow(context.settings, context.io);
  const server = await serverOf(context, 'show NAME');
  await show({ value: server, body: describeServer(server) });
  return 0;
}

/** `mcp registry add NAME`: writes a server of the registry into the file of this folder, or of the user. */
export async function registryAdd(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const server = await serverOf(context, 'add NAME');
  const name = checkName(settings.own.last('as') ?? server.name.split('/').at(-1) ?? server.name);
  if (server.status === 'deleted')
    throw new CliError('unknown-server', `${server.name} was deleted from the registry: nothing was added`);
  if (server.status === 'deprecated')
    await print(io.stderr, `mcp: ${sanitizeLine(server.name)} is deprecated, says the registry\n`);
  const entry = await entryOfServer(server, context);
  const layer = await addEntry(name, entry, context);
  await show({
    value: { name, file: layer.file },
    body: `Added ${sanitizeLine(name)} to ${sanitizeLine(layer.shown)}\n`,
  });
  const unset = variablesIn(entry).filter((variable) => (io.env[variable] ?? '') === '');
  if (unset.length > 0) await print(io.stderr, `mcp: to be set before it is used: ${unset.join(', ')}\n`);
  return 0;
}

/** The server that `NAME` or `NAME@VERSION` means. */
function serverOf(context: CommandContext, usage: string): Promise<RegistryServer> {
  const [, name = '', version] = /^(.+?)(?:@([^@]+))?$/s.exec(oneOperand(context, usage)) ?? [];
  return askRegistry(context, (registry) =>
    registry.get(name, { ...(version !== undefined && { version }), ...interruptible(context) }),
  );
}

function oneOperand({ line }: CommandContext, usage: string): string {
  const [operand, ...more] = line.operands;
  if (operand !== undefined && more.length === 0) return operand;
  throw new CliError('usage', `One word is wanted: mcp registry ${usage}`);
}

function interruptible({ io }: CommandContext): { signal?: AbortSignal } {
  return io.interrupted === undefined ? {} : { signal: io.interrupted };
}
