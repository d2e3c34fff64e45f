import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, loadConfig } from '@toolwire/client-core';

// Where npm has put `mcp` and the server; `npm install --global` makes this unnecessary.
const installed = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
process.env['PATH'] = `${installed}${delimiter}${process.env['PATH']}`;

// In a program: variables and files are filled in.
const { demo } = await loadConfig('mcp.json');
assert(demo !== undefined && 'command' in demo);
assert.deepEqual({ ...demo.env }, { REGION: 'eu', TOKEN: 'not-a-real-token' });
const client = await connect(demo);
console.log(`${(await client.listTools()).length} tools\n`);
await client.close();

// On the command line, in a copy of this folder and with a home of its own.
const home = mkdtempSync(join(tmpdir(), 'toolwire-example-'));
const project = join(home, 'project');
cpSync(import.meta.dirname, project, { recursive: true });
const { XDG_CONFIG_HOME: _config, XDG_STATE_HOME: _state, ...own } = process.env;
try {
  // A file that is only found starts nothing before somebody has looked at it: exit code 2 where nobody can be asked.
  assert.equal(mcp('tools', 'list').status, 2);
  const shown = mcp('servers', 'show', 'demo');
  assert.doesNotMatch(shown.stdout, /not-a-real-token/);
  assert.equal(mcp('servers', 'trust', 'demo').status, 0);
  assert.match(mcp('tools', 'list').stdout, /execute_sql_query/);

  // One changed argument, and it is asked about again.
  const file = join(project, 'mcp.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"env"', '"args": ["--changed"], "env"'));
  assert.equal(mcp('tools', 'list').status, 2);

  // What the user adds needs no consent; what another program gets is shown first.
  assert.equal(mcp('servers', 'add', 'mine', '--', 'toolwire-demo-server').status, 0);
  assert.equal(mcp('tools', 'list', '-s', 'mine').status, 0);
  const change = mcp('servers', 'install', 'mine', '--client', 'claude-desktop', '--dry-run');
  assert.match(change.stdout, /^\+ +"mine": \{$/m);
} finally {
  rmSync(home, { recursive: true });
}

/** Runs the command as a shell would, and shows what came of it. */
function mcp(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  console.log(`$ mcp ${args.join(' ')}`);
  const isWindows = process.platform === 'win32'; // There a command is a script, which only a shell runs.
  const env = { ...own, HOME: home, USERPROFILE: home, APPDATA: home, LOCALAPPDATA: home };
  const { status, stdout, stderr } = spawnSync('mcp', args, { cwd: project, env, encoding: 'utf8', shell: isWindows });
  console.log(`${stdout}${stderr}(exit code ${status})\n`);
  return { status, stdout, stderr };
}
