import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { CliError } from '../cli-error.ts';
import { rememberTools } from '../completion/known-tools.ts';
import { completeLine } from '../shell/complete-line.ts';
import { openHistory } from '../shell/history.ts';
import { KeptServers } from '../shell/kept-servers.ts';
import type { Standing } from '../shell/lines.ts';
import { openPrompt } from '../shell/prompt.ts';
import { runLine } from '../shell/run-line.ts';
import type { Settings } from '../own-flags.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';
import { linesOf } from '../terminal/lines-of.ts';

/** `mcp shell [SERVER]`: commands line by line, on connections that stay open; from a terminal, or from a pipe. */
export async function shell(context: CommandContext): Promise<ExitCode> {
  const { line, io } = context;
  const { flags, operands: servers, command } = line;
  const standing = { flags, servers, command };
  return io.stdin.isTTY === true && io.stderr.isTTY === true
    ? fromTerminal(standing, context)
    : fromPipe(standing, context);
}

/** Ends with the code of the first line that failed; the others run all the same. */
async function fromPipe(standing: Standing, { io }: CommandContext): Promise<ExitCode> {
  const interrupted = io.interrupted ?? new AbortController().signal;
  const ownIo = { ...io, interrupted, stdin: taken };
  const servers = new KeptServers(ownIo);
  let firstFailure: ExitCode = 0;
  try {
    for await (const line of linesOf(io.stdin)) {
      if (isExit(line)) break;
      const code = await runLine(line, standing, servers, ownIo);
      if (firstFailure === 0) firstFailure = code;
    }
    return firstFailure;
  } finally {
    await servers.end();
  }
}

async function fromTerminal(standing: Standing, { io, settings }: CommandContext): Promise<ExitCode> {
  const history = await openHistory(io.env);
  let running: AbortController | undefined;
  const prompt = openPrompt(io, {
    history: history.lines,
    complete: (line) => completeLine(line, standing, io),
    onInterrupt: () => running?.abort(),
  });
  const shellIo = { ...io, stderr: prompt.stderr };
  let lineIo: Io & { readonly interrupted: AbortSignal } = { ...shellIo, interrupted: new AbortController().signal };
  // The connections outlive a line; whom they ask, and what stops them, is that of the present one.
  const servers = new KeptServers({
    ...shellIo,
    get stdin() {
      return lineIo.stdin;
    },
    get interrupted() {
      return lineIo.interrupted;
    },
  });
  try {
    const opening = new AbortController();
    const targets = await namedTargets(standing, { ...lineIo, stdin: prompt.stdinUntil(opening.signal) }, settings);
    opening.abort();
    await print(io.stderr, 'mcp: Tab completes, Ctrl-C stops a call, Ctrl-D ends; help tells the rest\n');
    void getReady(targets, servers, { io, settings });
    const [only, ...others] = targets;
    for (;;) {
      const line = await prompt.ask(`${only !== undefined && others.length === 0 ? sanitizeLine(only.name) : 'mcp'}> `);
      if (line === undefined || isExit(line)) return 0;
      await history.add(line);
      running = new AbortController();
      lineIo = { ...shellIo, interrupted: running.signal, stdin: prompt.stdinUntil(running.signal) };
      await runLine(line, standing, servers, lineIo);
      running.abort(); // Nothing of it reads or writes any more.
      running = undefined;
    }
  } finally {
    prompt.close();
    await servers.end();
  }
}

/** The servers that the shell was opened for; none when it is for all. */
async function namedTargets(
  { servers: names, command }: Standing,
  io: Io,
  settings: Settings,
): Promise<readonly ServerTarget[]> {
  const isForAll = names.length + settings.servers.length === 0 && command === undefined;
  return isForAll ? [] : resolveTargets({ settings, names, command }, io);
}

/** Connects to those servers, and learns the names that Tab completes; a failure is told by the first line that meets it. */
async function getReady(
  targets: readonly ServerTarget[],
  servers: KeptServers,
  { io, settings }: Pick<CommandContext, 'io' | 'settings'>,
): Promise<void> {
  for (const target of targets) {
    const tools = await servers
      .open(target, settings)
      .listen((client) => client.listTools()) // Nothing may move beside the prompt.
      .catch(() => []);
    if (tools.length > 0) await rememberTools(target, tools, io);
  }
}

function isExit(line: string): boolean {
  return /^\s*(exit|quit)\s*$/.test(line);
}

const taken: Io['stdin'] = {
  [Symbol.asyncIterator]() {
    throw new CliError('usage', 'Standard input holds the lines of the shell', 'Read a file instead: --input @FILE');
  },
};
