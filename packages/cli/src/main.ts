import type { Io } from './io.ts';
import { run } from './run.ts';
import { readVersion } from './version.ts';

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${readVersion()}\n`);
} else {
  process.getBuiltinModule('node:module').enableCompileCache?.();
  void start();
}

/** Runs the command for this process, and ends it as soon as everything is printed and every server is told. */
async function start(): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Stays registered: the core leaves a signal alone only while its host handles it.
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      interruption.abort();
    });
  }
  // A reader who has left (`| head`) is no error of ours.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
    interrupted: interruption.signal,
  };
  process.once('uncaughtException', (error) => void crash(error, io));
  // Never a silent success: with nothing left to wait for, Node would end the process as if all were done.
  process.once('beforeExit', () => void crash(new Error('nothing is left to wait for'), io));
  process.exit(await run(argv, io));
}

async function crash(error: Error, io: Io): Promise<void> {
  const { failWith } = await import('./commands.ts');
  process.exit(await failWith(error, io, argv.includes('--json')));
}
