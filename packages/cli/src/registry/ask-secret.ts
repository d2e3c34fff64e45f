import { print, type Io } from '../io.ts';
import { lineReader } from '../terminal/line-reader.ts';

/** Asks for one line, which the terminal does not show where it can be told so. */
export async function askSecret(prompt: string, io: Io): Promise<string | undefined> {
  const isHidden = setEcho('-echo');
  try {
    return await lineReader(io)(io.interrupted)(isHidden ? prompt : `(what you type is seen) ${prompt}`);
  } finally {
    if (isHidden) {
      setEcho('echo');
      await print(io.stderr, '\n');
    }
  }
}

/** The terminal edits lines itself, and Ctrl-C stays what it is: only its echo is turned off. */
function setEcho(mode: 'echo' | '-echo'): boolean {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  return spawnSync('stty', [mode], { stdio: ['inherit', 'ignore', 'ignore'] }).status === 0;
}
