// The main job on the embedded server: list its tools, then call one. Shows each command line before its output.
import { spawnSync } from 'node:child_process';

const bold = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text);

const commands = [
  ['mcp', 'tools', 'list', '-s', 'demo'],
  ['mcp', 'tools', 'call', '-s', 'demo', 'execute_sql_query', '--sql', 'SELECT COUNT(*) FROM users'],
];

for (const [command, ...args] of commands) {
  console.log(`\n${bold(`$ ${[command, ...args.map(quote)].join(' ')}`)}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

console.log(`\nOther servers: npx mcp tools list -s URL, or npx mcp tools list -- COMMAND ARGS. More: npx mcp --help`);

function quote(argument) {
  return /^[\w./:=@-]+$/.test(argument) ? argument : `"${argument}"`;
}
