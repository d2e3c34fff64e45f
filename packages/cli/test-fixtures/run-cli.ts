import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Io, Output } from '../src/io.ts';
import { run } from '../src/run.ts';

/** The path of the stdio server of this folder. */
const stdioServer: string = fileURLToPath(new URL('stdio-server.ts', import.meta.url));

/** What one command line did. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A configuration entry for the stdio server of this folder. */
export function fixtureEntry(...args: readonly string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [stdioServer, ...args] };
}

/** Runs a command line in this process, in an empty folder unless `io` names one; what is found there is trusted. */
export function runCli(argv: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
  return startCli(argv, io).done;
}

/** Runs a command line that has to ask for consent, as users' do. */
export function runUntrusted(argv: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
  return start(argv, io).done;
}

/** Commands that read their command line themselves, and know no `--trust`. */
const ownLines = /^(proxy|webhook|__complete)$/;

/** A command line that is still running. */
export interface Running {
  readonly done: Promise<Outcome>;
  stdout(): string;
  /** What Ctrl-C does. */
  interrupt(): Promise<Outcome>;
}

/** Starts a command line that does not end by itself. */
export function startCli(argv: readonly string[], io: Partial<Io> = {}): Running {
  return start(ownLines.test(argv[0] ?? '') ? argv : ['--trust', ...argv], io);
}

function start(argv: readonly string[], io: Partial<Io>): Running {
  const interruption = new AbortController();
  const [stdout, stderr] = [collect(), collect()];
  const own = { stdout, stderr, stdin: untouchable, env: {}, cwd: folderWith({}), interrupted: interruption.signal };
  const done = run(argv, { ...own, ...io }).then((exitCode) => ({
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
  }));
  const interrupt = (): Promise<Outcome> => {
    interruption.abort();
    return done;
  };
  return { done, stdout: () => stdout.text(), interrupt };
}

/** A folder with these files, JSON unless they are text; removed when the test ends. */
export function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-cli-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** A standard input with this text. */
export async function* input(text: string): AsyncGenerator<string> {
  yield text;
}

/** A standard input that nobody asked to be read. */
const untouchable: Io['stdin'] = {
  [Symbol.asyncIterator]() {
    throw new Error('standard input was read');
  },
};

function collect(): Output & { text(): string } {
  let written = '';
  return {
    write(content, done) {
      written += typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
      done();
    },
    text: () => written,
  };
}
