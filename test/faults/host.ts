import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program that uses the client, in a process of its own. */
export interface Host {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Runs this source as an ES module; `connect`, `McpClient` and `target`, a parsed argument, are there for it. */
export function startHost(source: string, target: unknown): Host {
  const imports = `import { connect, McpClient } from '@toolwire/client-core'; const target = JSON.parse(process.argv[1]);`;
  const args = ['--input-type=module', '-e', imports + source, JSON.stringify(target)];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)), // Where the package is found.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? 'unknown');
  return { process: child, output: () => output, ended };
}
