import { loginKey } from '@toolwire/client-core';
import { loginStore } from '../auth/login-store.ts';
import { namedServer } from '../auth/named-server.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { openShow } from '../output/show.ts';
import { liveKeepers } from '../warm/live-keepers.ts';
import { keepsAnyWarm } from '../warm/runtime-folder.ts';
import { stopKeeper } from '../warm/stop-keeper.ts';

/** `mcp auth logout SERVER` or `--all`: forgets logins, and ends the warm connections that use them. */
export async function authLogout(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const isAll = settings.own.has('all');
  if (isAll && line.operands.length > 0) throw new CliError('usage', 'Name a server, or write --all, and not both');
  const show = await openShow(settings, io);
  const store = loginStore(io, settings.verbose);
  const known = await store.servers();
  const keys = isAll ? known : [loginKey((await namedServer(context)).url)].filter((key) => known.includes(key));
  for (const key of keys) await store.lock(key, async () => store.set(key, undefined));
  await endKeepers(keys, io);
  const text = keys.length === 0 ? 'There was no login' : `Logged out of ${keys.join(', ')}`;
  await show({ value: { loggedOut: keys }, body: `${sanitizeLine(text)}\n`, lines: keys });
  return 0;
}

/** A connection that is kept warm holds the token in memory. */
async function endKeepers(keys: readonly string[], io: Io): Promise<void> {
  if (!keepsAnyWarm(io.env)) return;
  const keepers = await liveKeepers(io);
  const using = keepers.filter(({ server }) => URL.canParse(server) && keys.includes(loginKey(server)));
  await Promise.all(using.map((keeper) => stopKeeper(keeper)));
}
