import { parseConfig } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import type { OpenServer } from '../servers.ts';
import { resolveTargets, withNetwork, type ServerTarget } from '../targets.ts';
import { findProblems, type Answer } from './expectations.ts';
import type { CaseReport } from './report.ts';
import { titleOf, type TestCase, type TestFile } from './test-file.ts';

/** Runs one test. */
export type RunTest = (test: TestCase) => Promise<CaseReport>;

/**
 * Finds the server of every test, so that a wrong name is told before the first one runs; the tests of a file share one
 * connection to each. A test that names none is for the server of the command line, where that names one; what the file
 * does not have comes from the configuration.
 */
export async function prepareTests(
  file: string,
  { servers = {}, tests }: TestFile,
  context: CommandContext,
): Promise<RunTest> {
  const own = await ownTargets(file, servers, context);
  const targets = new Map<string | undefined, ServerTarget>();
  for (const { server } of tests.filter(({ skip }) => !isSkipped(skip))) {
    if (!targets.has(server)) targets.set(server, await findTarget(server, own, context));
  }
  const openings = new Map<ServerTarget, Promise<Opening>>();
  return async (test) => {
    const name = titleOf(test);
    const target = isSkipped(test.skip) ? undefined : targets.get(test.server);
    if (target === undefined) return { name, outcome: 'skipped', durationMs: 0, problems: [] };
    const opening = openings.get(target) ?? open(context.servers.open(target, context.settings));
    openings.set(target, opening);
    const answer = await ask(test, await opening);
    const problems = findProblems(answer, test.expect ?? {});
    return { name, outcome: problems.length === 0 ? 'passed' : 'failed', durationMs: answer.durationMs, problems };
  };
}

function isSkipped(skip: TestCase['skip']): boolean {
  return skip !== undefined && skip !== false;
}

async function ownTargets(
  file: string,
  servers: NonNullable<TestFile['servers']>,
  { settings, io }: CommandContext,
): Promise<readonly ServerTarget[]> {
  const path = process.getBuiltinModule('node:path');
  const folder = path.resolve(io.cwd, path.dirname(file));
  const configs = parseConfig({ servers }, { file, env: io.env, path: ['servers'] });
  const targets = Object.entries(configs).map(([name, config]) => ({
    name,
    config: 'command' in config ? { ...config, cwd: path.resolve(folder, config.cwd ?? '') } : config,
  }));
  return withNetwork(targets, settings, io);
}

async function findTarget(
  name: string | undefined,
  own: readonly ServerTarget[],
  { line, settings, io }: CommandContext,
): Promise<ServerTarget> {
  const isOnLine = name === undefined && (line.command !== undefined || settings.servers.length > 0);
  const named = own.filter((target) => name === undefined || target.name === name);
  const isElsewhere = isOnLine || named.length === 0;
  const names = isElsewhere && name !== undefined ? [name] : [];
  const found = isElsewhere ? await resolveTargets({ settings, names, command: line.command }, io) : named;
  const [target, ...others] = found;
  if (target !== undefined && others.length === 0) return target;
  const known = found.map((each) => each.name).join(', ');
  throw new CliError('usage', 'A "server" is needed in each test, since there are several', `There are: ${known}`);
}

/** A server that is connected to, or why it is not: each of its tests fails at once then. */
interface Opening {
  readonly server: OpenServer;
  readonly error?: unknown;
}

/** Connects before the first test, since the server's start is no part of the time that an answer takes. */
async function open(server: OpenServer): Promise<Opening> {
  try {
    await server.use((client) => client.connect());
    return { server };
  } catch (error) {
    return { server, error };
  }
}

async function ask(test: TestCase, { server, error: unopened }: Opening): Promise<Answer> {
  if (unopened !== undefined) return { error: unopened, durationMs: 0 };
  const began = performance.now();
  try {
    const result = await request(test, server);
    return { result, durationMs: performance.now() - began };
  } catch (error) {
    return { error, durationMs: performance.now() - began };
  }
}

function request(
  { tool, arguments: args = {}, method = '', params = {} }: TestCase,
  server: OpenServer,
): Promise<NonNullable<Answer['result']>> {
  if (tool !== undefined) return server.callTool(tool, args);
  return server.use((client) => client.request(method, params), method);
}
