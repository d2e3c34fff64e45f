import { loginKey } from '@toolwire/client-core';
import { describeLogin, sayState, unreadableLogin } from '../auth/describe-login.ts';
import { loginStore } from '../auth/login-store.ts';
import { namedServer } from '../auth/named-server.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';

/** `mcp auth status [SERVER]`: who is logged in where, without any secret; ends with 4 when a named server has no login. */
export async function authStatus(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const store = loginStore(io, settings.verbose);
  const isNamed = line.operands.length > 0 || settings.servers.length > 0;
  const keys = isNamed ? [loginKey((await namedServer(context)).url)] : await store.servers();
  const logins = await Promise.all(keys.map(async (key) => [key, await store.get(key)] as const));
  const known = await store.servers();
  const reports = logins
    .filter(([key]) => known.includes(key))
    .map(([key, login]) => (login === undefined ? unreadableLogin(key) : describeLogin(key, login)));
  const rows = reports.map((report) => [report.server, sayState(report), report.scopes.join(' '), report.issuer ?? '']);
  await show({
    value: { logins: reports },
    body: { head: ['Server', 'State', 'Scopes', 'Issuer'], groups: [{ name: '', rows }], plural: 'logins' },
    lines: reports,
  });
  return isNamed && reports.length === 0 ? 4 : 0;
}
