import { loginKey, type StoredLogin } from '@toolwire/client-core';
import { describeLogin, sayState } from '../auth/describe-login.ts';
import { logInMachine } from '../auth/log-in-machine.ts';
import { logInPerson } from '../auth/log-in-person.ts';
import { logInWithToken } from '../auth/log-in-with-token.ts';
import { loginStore, type KeptLogin } from '../auth/login-store.ts';
import { namedServer, type NamedServer } from '../auth/named-server.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { openShow } from '../output/show.ts';

/** `mcp auth login SERVER`: logs in, and keeps that for every later command. */
export async function authLogin(context: CommandContext): Promise<ExitCode> {
  const { settings, io } = context;
  const show = await openShow(settings, io);
  const store = loginStore(io, settings.verbose);
  const server = await namedServer(context);
  const { name, url } = server;
  const key = loginKey(url);
  const login = await logIn(server, context, await store.get(key));
  if (login === undefined) {
    await print(io.stderr, `mcp: ${sanitizeLine(name)} lets everybody in: no login is needed\n`);
    return 0;
  }
  await store.lock(key, async () => store.set(key, login));
  const report = describeLogin(key, (await store.get(key)) ?? login);
  await show({ value: report, body: `${sanitizeLine(`Logged in to ${name}: ${sayState(report)}`)}\n` });
  return 0;
}

function logIn(
  server: NamedServer,
  context: CommandContext,
  before: KeptLogin | undefined,
): Promise<StoredLogin | undefined> {
  const { own } = context.settings;
  if (own.has('with-token')) return logInWithToken(context.io);
  return own.has('client-credentials') ? logInMachine(server, context) : logInPerson(server, context, before);
}
