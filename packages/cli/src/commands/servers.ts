import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';
import { safeJson } from '../output/sanitize.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';

/** `mcp servers list`: the configured servers; none of them is started. */
export async function serversList(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const rows = targets.map((target) => [target.name, summaryOf(target)]);
  const servers = targets.map((target) => [target.name, describe(target)] as const);
  await show({
    value: { servers: Object.fromEntries(servers) },
    body: { head: ['Server', 'Connection'], groups: [{ name: '', rows }], plural: 'servers' },
    lines: servers.map(([name, about]) => ({ name, ...about })),
  });
  return 0;
}

/** `mcp servers show NAME`: the configuration of one server, without its secrets. */
export async function serversShow(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const [target, ...others] = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  if (target === undefined || others.length > 0) throw new CliError('usage', 'Name one server: mcp servers show NAME');
  if (target.config instanceof Error) throw target.config;
  const about = { name: target.name, ...describe(target) };
  await show({ value: about, body: `${safeJson(about, 2)}\n` });
  return 0;
}

function summaryOf({ config }: ServerTarget): string {
  if (config instanceof Error) return `cannot be used: ${config.message}`;
  return 'url' in config ? shownUrl(config.url) : config.command;
}

/** What is configured, with the values left out that may be secret: of headers, variables and queries, and arguments. */
function describe({ config }: ServerTarget): Record<string, unknown> {
  if (config instanceof Error) return { error: config.message };
  if ('url' in config) {
    const { url, headers = {}, transport } = config;
    return { url: shownUrl(url), headers: hidden(headers), ...(transport !== undefined && { transport }) };
  }
  const { command, args = [], cwd, env = {}, inheritEnv } = config;
  return {
    command,
    args: args.map(shownArgument),
    cwd,
    env: hidden(env),
    ...(inheritEnv !== undefined && { inheritEnv }),
  };
}

function hidden(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, '•••']));
}

const secretName = /key|token|secret|password|passwd|auth|credential|bearer/i;

/** Credentials and the values of a query are secrets as often as not. */
function shownUrl(address: string | URL): string {
  const url = new URL(address);
  const query = [...new Set(url.searchParams.keys())].map((name) => `${name}=•••`).join('&');
  return `${url.protocol}//${url.username === '' ? '' : '•••@'}${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`;
}

function shownArgument(argument: string, index: number, all: readonly string[]): string {
  const [name = '', ...value] = argument.split('=');
  if (value.length > 0 && secretName.test(name)) return `${name}=•••`;
  const before = all[index - 1] ?? '';
  if (before.startsWith('-') && !before.includes('=') && secretName.test(before) && !argument.startsWith('-'))
    return '•••';
  return URL.canParse(argument) && /^(https?|wss?|postgres\w*|mysql|mongodb\S*|redis\S*):/.test(argument)
    ? shownUrl(argument)
    : argument;
}
