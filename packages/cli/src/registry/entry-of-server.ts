import { resolveServer, type RegistryServer } from '@toolwire/gateway-client';
import type { StdioServerConfig } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { Entry } from '../config/entry-parts.ts';
import type { CommandContext } from '../context.ts';
import { print } from '../io.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { lineReader } from '../terminal/line-reader.ts';
import { readInputs } from './inputs.ts';

/** An entry of a configuration for a server of a registry. A command is shown, and becomes one only when that is allowed. */
export async function entryOfServer(server: RegistryServer, context: CommandContext): Promise<Entry> {
  const inputs = readInputs(context);
  const config = await resolveServer(server, {
    ask: inputs.ask,
    prefer: context.settings.own.has('package') ? 'package' : 'remote',
    async consent(command) {
      inputs.checkUnused();
      await allow(server.name, command, context);
      return true;
    },
  });
  inputs.checkUnused();
  const entry = 'url' in config ? { type: config.transport, url: String(config.url), headers: config.headers } : config;
  const written: Entry = JSON.parse(JSON.stringify(entry)) as Entry; // Without what is undefined.
  checkVariables(server.name, written, inputs.given);
  return written;
}

/** Returns only when the command is allowed. */
async function allow(name: string, command: StdioServerConfig, { settings, io }: CommandContext): Promise<void> {
  await print(io.stderr, `${sanitizeLine(name)} is a command that will run on this machine:\n  ${shown(command)}\n`);
  if (settings.own.has('yes')) return;
  if (settings.noInput || io.stdin.isTTY !== true || io.stderr.isTTY !== true)
    throw new CliError('usage', `${name} was not added: nobody can be asked here`, 'Allow the command with --yes');
  const answer = await lineReader(io)(io.interrupted)('Allow it? [y]es, [N]o: ');
  if (answer === undefined || !/^y/i.test(answer)) throw new CliError('declined', `${name} was not added`);
}

/** Each word exactly as it is, since somebody decides by it. */
function shown({ command, args = [], env = {} }: StdioServerConfig): string {
  const words = [command, ...args].map((word) => (/^[\w@%+=:,./${}…-]+$/.test(word) ? word : safeJson(word, 0)));
  const variables = Object.entries(env).map(([name, value]) => `\n  with ${sanitizeLine(name)}=${safeJson(value, 0)}`);
  return words.join(' ') + variables.join('');
}

/** Variables and files are filled in when the server is used: only the user may have written them, never a registry. */
function checkVariables(name: string, entry: Entry, given: readonly string[]): void {
  const references = JSON.stringify(entry).match(/\$\{[^}]*\}/g) ?? [];
  const foreign = references.find((reference) => !given.some((value) => JSON.stringify(value).includes(reference)));
  if (foreign === undefined) return;
  const problem = `The registry's entry of ${name} would be given ${foreign} of this machine`;
  throw new CliError(
    'config-unsafe',
    problem,
    'Nothing was added. If that is meant, add the server by hand: mcp servers add',
  );
}
