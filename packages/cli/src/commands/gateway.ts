import type { Command, CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { CliError } from '../cli-error.ts';
import { gatewayVerbs } from '../gateway/verbs.ts';
import { addServer, removeServer, setEnabled } from '../gateway/change-servers.ts';
import { listServers, showServer } from '../gateway/list-servers.ts';
import { didYouMean } from '../suggest.ts';

export { gatewayHealth } from './gateway-health.ts';

const commands: Readonly<Record<(typeof gatewayVerbs)[number], Command>> = {
  list: listServers,
  show: showServer,
  add: addServer,
  remove: removeServer,
  enable: (context) => setEnabled(context, true),
  disable: (context) => setEnabled(context, false),
};

/** `mcp gateway servers VERB`: the servers behind a gateway. */
export async function gatewayServers(context: CommandContext): Promise<ExitCode> {
  const [word = '', ...operands] = context.line.operands;
  const verb = gatewayVerbs.find((each) => each === word);
  if (verb !== undefined) return commands[verb]({ ...context, line: { ...context.line, operands } });
  const hint = didYouMean(word, gatewayVerbs) ?? 'See mcp gateway --help';
  throw new CliError('usage', `mcp gateway servers is followed by ${gatewayVerbs.join(', ')}`, hint);
}
