import { findSchemaViolation, type Tool } from '@toolwire/client-core';
import type { CallStep, PipelineDefinition } from '../definition.ts';
import type { Problem } from '../problems.ts';
import type { ServerSet } from '../servers.ts';
import { checkArguments } from './check-arguments.ts';

export interface ToolCheck {
  readonly problems: readonly Problem[];
  /** Whether the calls of each step may be repeated, by the ids of steps: `ticket`, `deploy/ticket`. */
  readonly idempotent: Readonly<Record<string, boolean>>;
}

type Place = readonly (string | number)[];

/** Asks the servers whether the tools of a pipeline exist, take these arguments, and may be repeated. */
export async function checkTools(
  pipeline: PipelineDefinition,
  serversOf: (pipeline: PipelineDefinition) => ServerSet,
  place: Place = [],
): Promise<ToolCheck> {
  const servers = serversOf(pipeline);
  const lists = toolLists(servers);
  const checks = pipeline.steps.map(async (step, index): Promise<ToolCheck> => {
    const here = [...place, 'steps', index];
    if ('call' in step) return checkCall(step, { servers, lists }, here);
    if (!('pipeline' in step)) return { problems: [], idempotent: {} };
    const inner = await checkTools(step.pipeline, serversOf, [...here, 'pipeline']);
    const own = Object.entries(inner.idempotent).map(([path, value]) => [`${step.id}/${path}`, value]);
    return { problems: inner.problems, idempotent: Object.fromEntries(own) };
  });
  const checked = await Promise.all(checks);
  return {
    problems: checked.flatMap(({ problems }) => problems),
    idempotent: Object.assign({}, ...checked.map(({ idempotent }) => idempotent)) as ToolCheck['idempotent'], // Of booleans.
  };
}

interface Source {
  readonly servers: ServerSet;
  /** The tools of a server. Rejects when it cannot be asked. */
  readonly lists: (server: string) => Promise<readonly Tool[]>;
}

/** Asks each server once. */
function toolLists(servers: ServerSet): Source['lists'] {
  const lists = new Map<string, Promise<readonly Tool[]>>();
  return async (server) => {
    const list = lists.get(server) ?? servers.caller(server).listTools();
    lists.set(server, list);
    return list;
  };
}

async function checkCall(step: CallStep, source: Source, here: Place): Promise<ToolCheck> {
  const called = await checkTool(step, step.call, step.args ?? {}, source, here);
  const { reconcile } = step;
  const lookedUp =
    reconcile === undefined
      ? undefined
      : await checkTool(step, reconcile.call, reconcile.args ?? {}, source, [...here, 'reconcile']);
  const isIdempotent = mayRepeat(step, source, called.tool);
  const problems = [...called.problems, ...(lookedUp?.problems ?? [])];
  if (called.tool !== undefined && !isIdempotent && reconcile === undefined) {
    const message = `${step.call} may not be repeated, as far as is known: a run that is interrupted during it needs attention. Give it \`reconcile\`, or say \`idempotent: true\``;
    problems.push({ severity: 'warning', message, step: step.id, path: [...here, 'call'] });
  }
  return { problems, idempotent: { [step.id]: isIdempotent } };
}

async function checkTool(
  step: CallStep,
  name: string,
  args: Readonly<Record<string, unknown>>,
  source: Source,
  here: Place,
): Promise<{ tool?: Tool; problems: Problem[] }> {
  const { server, tool: wanted } = source.servers.find(name);
  const refuse = (path: Place, message: string): Problem => ({ severity: 'error', message, step: step.id, path });
  let tools: readonly Tool[];
  try {
    tools = await source.lists(server);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [refuse([...here, 'call'], `${server} does not list its tools: ${reason}`)] };
  }
  const tool = tools.find((candidate) => candidate.name === wanted);
  if (tool === undefined) {
    const names = tools.map((candidate) => candidate.name);
    const known =
      names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
    return {
      problems: [refuse([...here, 'call'], `${server} has no tool ${JSON.stringify(wanted)}; it has ${known}`)],
    };
  }
  // The key comes with the call.
  const known =
    step.idempotencyKey === undefined || name !== step.call ? args : { ...args, ...placeholder(step.idempotencyKey) };
  const wrong = checkArguments(tool.inputSchema, known, findSchemaViolation);
  return {
    tool,
    problems: wrong.map(({ path, message, severity }) => ({
      ...refuse([...here, 'args', ...path], message),
      severity,
    })),
  };
}

/** What the step says, else what may be believed of the tool. */
function mayRepeat(step: CallStep, source: Source, tool: Tool | undefined): boolean {
  if (step.idempotent !== undefined) return step.idempotent;
  if (step.idempotencyKey !== undefined) return true;
  const { trustAnnotations, honoursIdempotencyKey } = source.servers.policy(source.servers.find(step.call).server);
  if (honoursIdempotencyKey === true) return true;
  const { readOnlyHint, idempotentHint } = tool?.annotations ?? {};
  return trustAnnotations === true && (readOnlyHint === true || idempotentHint === true);
}

function placeholder(path: string): Record<string, unknown> {
  return { [path.split('.')[0] ?? '']: '${{ key }}' };
}
