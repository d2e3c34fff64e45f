import type { McpClient, Tool } from '@toolwire/client-core';
import { measure, type Measured } from '../bench/measure.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCode } from '../exit-codes.ts';
import { describeFailure } from '../output/failure.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import type { Settings } from '../own-flags.ts';
import { toolKind } from '../server-items.ts';
import { call } from './call.ts';

const defaultCalls = 100;

/** `mcp bench NAME …`: calls a tool again and again, and says how long that takes. */
export function bench(context: CommandContext): Promise<ExitCode> {
  return call({ words: 'bench', kind: toolKind }, context, async ({ server, tool, settings }, args, show) => {
    checkHarmless(tool, settings);
    const { jobs, calls, durationMs, warmUp } = readFlags(settings);
    const timing = settings.timeoutMs === undefined ? {} : { timeoutMs: settings.timeoutMs };
    const measured = await server.use(async (client, onProgress) => {
      // What cannot be called at all fails here, as any call does.
      for (let left = warmUp; left > 0; left--) await client.callTool(tool.name, args, timing);
      return measure(() => outcomeOf(client, tool.name, args, timing), {
        calls,
        durationMs,
        jobs,
        now: () => performance.now(),
        onProgress: (progress) => onProgress({ progress, ...(calls !== undefined && { total: calls }) }),
      });
    }, tool.name);
    const about = { tool: tool.name, server: server.name, jobs, ...measured };
    await show({ value: about, body: format(about) });
    return Object.keys(measured.errors).length > 0 ? 1 : 0;
  });
}

function checkHarmless({ name, annotations }: Tool, { own }: Settings): void {
  if (annotations?.destructiveHint !== true || annotations.readOnlyHint === true || own.has('yes')) return;
  throw new CliError(
    'usage',
    `${name} may destroy things, its server says; nothing was called`,
    'If that is meant, add --yes',
  );
}

interface BenchFlags {
  readonly jobs: number;
  readonly calls: number | undefined;
  readonly durationMs: number | undefined;
  readonly warmUp: number;
}

function readFlags({ own }: Settings): BenchFlags {
  const duration = own.last('duration');
  const durationMs = duration === undefined ? undefined : parseDuration(duration, '--duration');
  const jobs = own.count('jobs') ?? 1;
  const calls = own.count('calls') ?? (durationMs === undefined ? defaultCalls : undefined);
  return { jobs, calls, durationMs, warmUp: own.count('warm-up') ?? jobs };
}

async function outcomeOf(
  client: McpClient,
  name: string,
  args: Record<string, unknown>,
  timing: { timeoutMs?: number },
): Promise<string | undefined> {
  try {
    const { isError } = await client.callTool(name, args, timing);
    return isError ? 'tool-error' : undefined;
  } catch (error) {
    return describeFailure(error).code;
  }
}

function format({
  tool,
  server,
  jobs,
  calls,
  seconds,
  callsPerSecond,
  latencyMs,
  errors,
}: Measured & { tool: string; server: string; jobs: number }): string {
  const times = Object.entries(latencyMs ?? {}).map(([name, value]) => `${name} ${value} ms`);
  const failed = Object.entries(errors).map(([code, count]) => `${count} ${code}`);
  const lines = [
    `${sanitizeLine(tool)} on ${sanitizeLine(server)}: ${calls} calls in ${seconds} s, ${jobs} at once`,
    `  rate    ${callsPerSecond} calls/s`,
    ...(times.length > 0 ? [`  time    ${times.join('   ')}`] : []),
    ...(failed.length > 0 ? [`  errors  ${failed.join(', ')}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
