import { answered, askAll, failuresIn, type Answer } from '../ask-all.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failWithAll } from '../fail-with.ts';
import { formatReport, type Report } from '../lint/format-findings.ts';
import { lintTools } from '../lint/lint-tools.ts';
import { weightOf } from '../lint/schemas.ts';
import { failureAsJson } from '../output/failure.ts';
import { openShow } from '../output/show.ts';
import { resolveTargets } from '../targets.ts';

/** `mcp lint [SERVER…]`: how well a model will understand the tools; fails when there is an error. */
export async function lint(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, names: line.operands, command: line.command }, io);
  const answers = await askAll(targets, context, async (server): Promise<Report> => {
    const tools = await server.listTools();
    return { tools: tools.length, tokens: weightOf(tools), findings: await lintTools(tools) };
  });
  const reports = answered(answers);
  await show({
    value: { servers: Object.fromEntries(answers.map((answer) => [answer.server.name, asJson(answer)])) },
    body: reports.map(({ server, value }) => formatReport(server.name, value)).join('\n'),
    lines: reports.flatMap(({ server, value }) =>
      value.findings.map((finding) => ({ server: server.name, ...finding })),
    ),
  });
  const failures = failuresIn(answers);
  if (failures.length > 0) return failWithAll(failures, context);
  const fatal = settings.own.has('strict') ? ['error', 'warning'] : ['error'];
  return reports.some(({ value }) => value.findings.some(({ level }) => fatal.includes(level))) ? 1 : 0;
}

function asJson({ value, error }: Answer<Report>): unknown {
  return error === undefined ? value : failureAsJson(error);
}
