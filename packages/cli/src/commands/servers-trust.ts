import { CliError } from '../cli-error.ts';
import { describeWish, rememberConsent } from '../config/ask-for-consent.ts';
import { hasConsent, needsConsent } from '../config/consent.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { findConfigured } from '../targets.ts';

/** `mcp servers trust NAME…`: allows what a configuration that was found in this folder starts, as it is now. */
export async function serversTrust({ line, settings, io }: CommandContext): Promise<ExitCode> {
  const show = await openShow(settings, io);
  const names = [...settings.servers, ...line.operands];
  if (names.length === 0) throw new CliError('usage', 'Name the servers: mcp servers trust NAME…');
  const servers = await findConfigured(names, settings.config, io);
  const told: string[] = [];
  for (const server of servers) {
    if (server.config instanceof Error) throw server.config;
    if (!needsConsent(server) || hasConsent(server, io)) told.push(`${sanitizeLine(server.name)} is allowed already`);
    else {
      await rememberConsent(server, io);
      told.push(describeWish(server), `Allowed, until one word of it changes`);
    }
  }
  await show({ value: { trusted: servers.map(({ name }) => name) }, body: `${told.join('\n')}\n` });
  return 0;
}
