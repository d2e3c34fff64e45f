import { spawn, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Whether this machine can give a process a terminal: `script` of util-linux does. */
export const hasPseudoTerminal: boolean = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

/** A process that runs on a terminal of its own. */
export interface OnTerminal {
  /** Everything that the terminal was sent, echo included. */
  screen(): string;
  type(keys: string): void;
  readonly exitCode: Promise<number | null>;
}

/** Runs a command on a terminal of 80 columns. */
export function onTerminal(words: readonly string[], env: Readonly<Record<string, string>> = {}): OnTerminal {
  const line = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 80; exec ${line}`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let seen = '';
  child.stdout.on('data', (chunk) => (seen += String(chunk)));
  return {
    screen: () => seen,
    type: (keys) => void child.stdin.write(keys),
    exitCode: new Promise((resolve) => child.once('exit', resolve)),
  };
}
