import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

// Where npm has put `mcp` and the server of server_config.json; `npm install --global` makes this unnecessary.
const installed = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const env = { ...process.env, PATH: `${installed}${delimiter}${process.env['PATH']}` };

// A file that is only found in the folder starts nothing before somebody has looked at it; one that is named does.
const config = ['--config', 'server_config.json'];

const list = mcp('tools', 'list', ...config);
assert.equal(list.status, 0);
assert.match(list.stdout, /execute_sql_query/);

const call = mcp(...config, 'tools', 'call', 'execute_sql_query', '--sql', 'SELECT COUNT(*) FROM users');
assert.equal(call.status, 0);

const typed = mcp(...config, '--json', 'tools', 'call', 'count_slowly', 'steps:=2', 'delay_ms:=10');
assert.equal(typed.status, 0);
const { structuredContent } = JSON.parse(typed.stdout);
assert.equal(structuredContent.counted, 2);

const wrong = mcp(...config, 'tools', 'call', 'count_slowly', '--steps', 'many');
assert.equal(wrong.status, 2, 'an argument that does not fit is wrong usage: nothing was called');
assert.equal(wrong.stdout, '');
assert.match(wrong.stderr, /steps/);

/** Runs the command as a shell would, in this folder, and shows what came of it. */
function mcp(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  console.log(`$ mcp ${args.map((arg) => (/^[\w.:=-]+$/.test(arg) ? arg : `"${arg}"`)).join(' ')}`);
  const isWindows = process.platform === 'win32'; // There a command is a script, which only a shell runs.
  const { status, stdout, stderr } = spawnSync('mcp', args, {
    cwd: import.meta.dirname,
    env,
    encoding: 'utf8',
    shell: isWindows,
  });
  console.log(`${stdout}${stderr}(exit code ${status})\n`);
  return { status, stdout, stderr };
}
