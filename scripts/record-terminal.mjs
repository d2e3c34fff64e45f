// Types commands into a real terminal, runs them there, and writes what it showed as an animated picture:
// `npm run record-terminal` makes docs/terminal.svg. Needs script(1) and a build.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import headless from '@xterm/headless';
import { terminalSvg } from './terminal-svg.mjs';

const commands = [
  'mcp tools list -s demo',
  'mcp tools call execute_sql_query -s demo --sql "SELECT name, email FROM users LIMIT 3"',
  'mcp tools call get_table_schema -s demo --tabel users',
  'mcp tools call count_slowly -s demo --steps 4',
];
const size = { cols: 92, rows: 19 };
const typingMs = 35;
const readingMs = 1_600;

const terminal = new headless.Terminal({ ...size, allowProposedApi: true });
const frames = [];
let now = 0;

for (const command of commands) {
  await show('\u001b[32m$\u001b[39m ');
  for (const letter of command) {
    now += typingMs;
    await show(letter);
  }
  await show('\r\n');
  await runCommand(command);
  now += readingMs;
}
await show('\u001b[32m$\u001b[39m ');
now += readingMs;
writeFileSync(fileURLToPath(new URL('../docs/terminal.svg', import.meta.url)), terminalSvg(frames, now, size));

/** Runs one command line in a terminal of that size; what it prints is shown when it printed it. */
async function runCommand(command) {
  const line = `stty cols ${size.cols} rows ${size.rows}; ${command}`;
  const env = { ...process.env, TERM: 'xterm-256color', SHELL: '/bin/sh' };
  const child = spawn('script', ['-qec', line, '/dev/null'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const startedAt = performance.now();
  const begun = now;
  for await (const chunk of child.stdout) {
    now = begun + performance.now() - startedAt;
    await show(chunk.toString());
  }
  if (child.exitCode === null) await once(child, 'exit');
}

async function show(text) {
  await new Promise((resolve) => terminal.write(text, resolve));
  frames.push({ at: Math.round(now), lines: screen() });
}

/** The lines of the screen, each as pieces of one look: `{ text, column, color, bold }`. */
function screen() {
  const { active } = terminal.buffer;
  return Array.from({ length: size.rows }, (_, row) => pieces(active.getLine(active.viewportY + row)));
}

function pieces(line) {
  const found = [];
  for (let column = 0; column < size.cols; column++) {
    const cell = line?.getCell(column);
    const text = cell?.getChars() || ' ';
    const color = cell?.isFgPalette() ? cell.getFgColor() : undefined;
    const bold = (cell?.isBold() ?? 0) !== 0;
    const last = found.at(-1);
    if (last?.color === color && last?.bold === bold) last.text += text;
    else found.push({ text, column, color, bold });
  }
  return found.map((piece) => ({ ...piece, text: piece.text.trimEnd() })).filter(({ text }) => text !== '');
}
