import { parseObject } from '../arguments/parse-object.ts';
import { textReader } from '../arguments/read-text.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';
import { safeJson } from '../output/sanitize.ts';
import { resolveTargets } from '../targets.ts';

/** `mcp rpc METHOD [JSON|@FILE|-]`: any request of the protocol, and its result as it comes. */
export async function rpc(context: CommandContext): Promise<ExitCode> {
  const { line, settings, servers, io } = context;
  const [method = '', written = '{}', extra] = line.operands;
  if (extra !== undefined) throw new CliError('usage', 'Write mcp rpc METHOD [JSON|@FILE|-]', 'Put the JSON in quotes');
  const show = await openShow(settings, io);
  const params = await parseObject(written, 'PARAMS', textReader(io));
  const [target, ...others] = await resolveTargets({ settings, command: line.command }, io);
  if (target === undefined || others.length > 0)
    throw new CliError('usage', 'mcp rpc needs one server: name it with -s');
  const server = servers.open(target, settings);
  const result = await server.use((client, onProgress) => client.request(method, params, { onProgress }), method);
  await show({ value: result, body: `${safeJson(result, 2)}\n` });
  return 0;
}
