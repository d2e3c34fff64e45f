import { createBridge, type BridgeReport } from '@toolwire/openai-bridge';
import type { CommandContext } from '../context.ts';
import { describeFailure, printFailure } from '../output/failure.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print } from '../io.ts';
import { printJson } from '../output/json.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { modelFlags } from '../openai/model-flags.ts';
import { toolSource, writtenName } from '../openai/server-tools.ts';
import { resolveTargets } from '../targets.ts';

/** `mcp openai tools`: the tools of the servers as OpenAI takes them, and what became of each. */
export async function openaiTools(context: CommandContext): Promise<ExitCode> {
  const { line, settings, servers, io } = context;
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const opened = targets.map((target) => servers.open(target, settings));
  const { api, strict } = modelFlags(settings);
  const bridge = createBridge(toolSource(opened), strict === undefined ? {} : { strict });
  const tools = await bridge.tools(api ?? 'responses');
  const report = bridge.report() ?? emptyReport;
  await (settings.json ? printJson(io.stdout, { tools, report: plain(report) }) : print(io.stdout, format(report)));
  for (const { error } of report.failed) await printFailure(io.stderr, error, settings.json);
  return 0;
}

const emptyReport: BridgeReport = { tools: [], quarantined: [], failed: [], collisions: [] };

/** Errors have nothing of their own in JSON. */
function plain(report: BridgeReport): unknown {
  const failed = report.failed.map(({ server, error }) => {
    const { code, message } = describeFailure(error);
    return { server, error: { code, message } };
  });
  return { ...report, failed };
}

function format({ tools, quarantined, collisions }: BridgeReport): string {
  const width = Math.max(0, ...tools.map(({ name }) => name.length));
  const lines = tools.flatMap(({ name, strict, losses }) => [
    `${name.padEnd(width)}  ${strict ? 'strict' : 'not strict'}`,
    ...losses.map(({ what }) => `  ${sanitizeLine(what)}`),
  ]);
  const outs = quarantined.map((tool) => `${writtenName(tool)} is left out: ${tool.reason}`);
  const renamed = collisions.map(({ wanted, names }) => `${wanted} is wanted by several: ${names.join(', ')}`);
  const strictCount = tools.filter(({ strict }) => strict).length;
  const summary = `${tools.length} tools, ${strictCount} of them strict, ${quarantined.length} left out`;
  return [...lines, ...[...outs, ...renamed].map(sanitizeLine), summary].map((text) => `${text}\n`).join('');
}
