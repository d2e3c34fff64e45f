import type { Authentication, ServerSpec } from '@toolwire/gateway-client';
import { CliError } from '../cli-error.ts';
import { namedLayer, readEntry } from '../config-file.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { openShow } from '../output/show.ts';
import { oneName } from './list-servers.ts';
import { namedGateway } from './named-gateways.ts';
import { withGateway } from './with-gateway.ts';

const transports = ['http', 'sse', 'websocket'] as const;

/** `mcp gateway servers add NAME URL`: registers a server, and waits until the gateway has made it ready. */
export async function addServer(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const spec = specOf(context);
  const target = await namedGateway(context);
  const server = await withGateway(target, context, (gateway) =>
    gateway.servers.register(spec, {
      ifExists: settings.own.has('force') ? 'update' : 'error',
      ...(settings.timeoutMs !== undefined && { waitMs: settings.timeoutMs }),
      ...(io.interrupted !== undefined && { signal: io.interrupted }),
    }),
  );
  await show({
    value: server,
    body: `${sanitizeLine(`Registered ${server.name} at ${target.name}: ${server.state}`)}\n`,
  });
  return 0;
}

/** `mcp gateway servers remove NAME`. */
export async function removeServer(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const name = oneName(context, 'remove');
  const target = await namedGateway(context);
  await withGateway(target, context, (gateway) => gateway.servers.remove(name));
  await show({ value: { name, removed: true }, body: `${sanitizeLine(`Removed ${name} from ${target.name}`)}\n` });
  return 0;
}

/** `mcp gateway servers enable NAME`, and `disable`. */
export async function setEnabled(context: CommandContext, enabled: boolean): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const name = oneName(context, enabled ? 'enable' : 'disable');
  const target = await namedGateway(context);
  const server = await withGateway(target, context, (gateway) => gateway.servers.setEnabled(name, enabled));
  const done = `${enabled ? 'Enabled' : 'Disabled'} ${server.name} at ${target.name}`;
  await show({ value: server, body: `${sanitizeLine(done)}\n` });
  return 0;
}

/** What is to be registered, with the variables of its headers filled in. */
function specOf({ line, settings, io }: CommandContext): ServerSpec {
  const { own } = settings;
  const [name, url, ...more] = line.operands;
  if (name === undefined || url === undefined || more.length > 0)
    throw new CliError('usage', 'What is to be registered? mcp gateway servers add NAME URL --gateway URL');
  const written = own.all('server-header').map((text): [string, string] => {
    const [, header, value] = /^([!#$%&'*+.^`|~\w-]+):\s*(.+)$/.exec(text) ?? [];
    if (header === undefined || value === undefined)
      throw new CliError('usage', "--server-header wants 'Name: value', where ${VARIABLE} may stand for the value");
    return [header, value.trim()];
  });
  const layer = namedLayer('--server-header', io);
  const entry = { url, headers: Object.fromEntries(written) };
  const config = readEntry({ name, entry, layer }, io.env, io);
  if (config === undefined || config instanceof Error || !('url' in config))
    throw config ?? new Error('What was just written is there');
  const transport = own.oneOf('transport', transports);
  const description = own.last('description');
  const tags = own.all('tag');
  return {
    name,
    url: String(config.url),
    ...(written.length > 0 && { authentication: authenticationOf(config.headers ?? {}) }),
    ...(transport !== undefined && { transport }),
    ...(description !== undefined && { description }),
    ...(tags.length > 0 && { tags }),
  };
}

/** What the gateway shows to the server, in the kind that most gateways know. */
function authenticationOf(headers: Readonly<Record<string, string>>): Authentication {
  const [[header, value] = ['', ''], ...others] = Object.entries(headers);
  const [, token] = /^Bearer (.+)$/i.exec(value) ?? [];
  if (others.length > 0) return { type: 'headers', headers };
  return header.toLowerCase() === 'authorization' && token !== undefined
    ? { type: 'bearer', token }
    : { type: 'api_key', header, value };
}
