import { textReader } from '../arguments/read-text.ts';
import { parseJson } from '../arguments/parse-object.ts';
import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { findItem } from '../find-item.ts';
import { print } from '../io.ts';
import { describeFailure } from '../output/failure.ts';
import { safeJson } from '../output/sanitize.ts';
import { toolKind } from '../server-items.ts';
import type { OpenServer } from '../servers.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';

/** One line of a batch: a call of a tool, or any request of the protocol. */
interface Job {
  readonly line: number;
  readonly id: unknown;
  readonly server: string | undefined;
  readonly request:
    | { readonly tool: string; readonly args: Record<string, unknown> }
    | { readonly method: string; readonly params: Record<string, unknown> };
}

/** `mcp run FILE|-`: a call for each line of JSON, one connection to each server; a line of JSON for each result, in order. */
export async function batch(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [file = '', extra] = line.operands;
  if (extra !== undefined) throw new CliError('usage', 'Name one file, or - for standard input: mcp run FILE');
  const { output, json, pick } = settings;
  if (pick !== undefined || (output !== 'human' && !json)) {
    throw new CliError('usage', 'mcp run always prints lines of JSON');
  }
  const jobs = readJobs(await textReader(io)(file));
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const runJob = jobRunner(targets, context);
  let hasFailed = false;
  let printing: Promise<void> = Promise.resolve();
  const running = jobs.map(limited(settings.own.count('jobs') ?? 1, runJob));
  for (const outcome of running) {
    const { failed, ...told } = await outcome;
    hasFailed ||= failed;
    printing = printing.then(() => print(io.stdout, `${safeJson(told, 0)}\n`));
  }
  await printing;
  return hasFailed ? 1 : 0;
}

/** Every line is read before the first is run: a batch with a typo runs not at all. */
function readJobs(text: string): readonly Job[] {
  return text.split('\n').flatMap((written, index): readonly Job[] => {
    if (written.trim() === '') return [];
    const where = `Line ${index + 1}`;
    const job = parseJson(written, where);
    const { tool, arguments: args = {}, method, params = {}, server, id } = isObject(job) ? job : {};
    const about = { line: index + 1, id, server: typeof server === 'string' ? server : undefined };
    if (typeof tool === 'string' && isObject(args)) return [{ ...about, request: { tool, args } }];
    if (typeof method === 'string' && isObject(params)) return [{ ...about, request: { method, params } }];
    throw new CliError(
      'usage',
      `${where} is no call`,
      'Write {"tool": "NAME", "arguments": {…}} or {"method": "…", "params": {…}}, with "server" where there are several',
    );
  });
}

interface Outcome {
  readonly failed: boolean;
  readonly line: number;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

function jobRunner(targets: readonly ServerTarget[], context: CommandContext): (job: Job) => Promise<Outcome> {
  const { servers, settings } = context;

  async function send({ server: named, request }: Job): Promise<Record<string, unknown>> {
    const meant = named === undefined ? targets : targets.filter(({ name }) => name === named);
    const [target, ...others] = meant;
    if (target === undefined) throw new CliError('unknown-server', `No server is called "${named}"`);
    if ('tool' in request) {
      const { server, name } = await findCalled(request.tool, meant);
      return { ...(await server.callTool(name, request.args)).raw };
    }
    if (others.length > 0) throw new CliError('usage', 'A "server" is needed where there are several');
    return servers
      .open(target, settings)
      .use((client) => client.request(request.method, request.params), request.method);
  }

  const found = new Map<string, Promise<{ server: OpenServer; name: string }>>();

  /** With one server its list is not asked for: it knows best what it has. */
  function findCalled(tool: string, meant: readonly ServerTarget[]): Promise<{ server: OpenServer; name: string }> {
    const [target] = meant;
    if (target !== undefined && meant.length === 1) {
      return Promise.resolve({ server: servers.open(target, settings), name: tool });
    }
    const finding =
      found.get(tool) ??
      findItem(toolKind, tool, meant, context).then(({ server, item }) => ({ server, name: item.name }));
    found.set(tool, finding);
    return finding;
  }

  return async (job) => {
    const about = { line: job.line, ...(job.id !== undefined && { id: job.id }) };
    try {
      const result = await send(job);
      return { failed: result['isError'] === true, ...about, result };
    } catch (error) {
      const { code, message, server } = describeFailure(error);
      return { failed: true, ...about, error: { code, message, ...(server !== undefined && { server }) } };
    }
  };
}

/** Lets at most `most` of what `run` starts be under way; the others wait their turn. */
function limited<Input, Output>(
  most: number,
  run: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (input) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run(input);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
