import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, fileTokenStore } from '@toolwire/client-core';
import { startLibrary } from './server.ts';

// Where npm has put `mcp`; `npm install --global` makes this unnecessary.
const installed = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'sign-in-'));
// A home of its own, and no keychain: this story leaves nothing behind.
const env = {
  ...process.env,
  PATH: `${installed}${delimiter}${process.env['PATH']}`,
  XDG_CONFIG_HOME: home,
  MCP_KEYCHAIN: 'off',
};
await using library = await startLibrary();

const stranger = await mcp(['tools', 'call', 'shelves', '-s', library.url]);
assert.equal(stranger.status, 4, 'a server that wants to know who calls is not called by a stranger');
assert.match(stranger.stderr, /mcp auth login/);

// A person goes to the printed address; here a program does, as a browser would.
const login = await mcp(['auth', 'login', library.url, '--no-browser'], async (said) => {
  const page = /Log in here:\n {2}(\S+)\n/.exec(said)?.[1];
  if (page !== undefined) await browse(new URL(page));
});
assert.equal(login.status, 0);

const call = await mcp(['tools', 'call', 'shelves', '-s', library.url]);
assert.equal(call.stdout, 'There are 12 shelves\n');

// A program uses the same login. Where there is a keychain, it would ask keychainTokenStore(…).
const store = fileTokenStore(join(home, 'mcp', 'tokens'));
await using client = await connect(library.url, { oauth: { store } });
console.log(`A program is told as well: ${(await client.callTool('shelves')).text()}\n`);

assert.equal((await mcp(['auth', 'logout', library.url])).status, 0);
assert.equal((await mcp(['tools', 'call', 'shelves', '-s', library.url])).status, 4);
await rm(home, { recursive: true });

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a shell would; `onStderr` is told of all that it has said so far. */
async function mcp(args: string[], onStderr?: (said: string) => Promise<void>): Promise<Outcome> {
  console.log(`$ mcp ${args.join(' ')}`);
  const child = spawn('mcp', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => {
    stderr += text;
    void onStderr?.(stderr);
  });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  console.log(`${stdout}${stderr}(exit code ${status})\n`);
  return { status, stdout, stderr };
}

/** Follows redirects with cookies, until the command that waits has its answer. */
async function browse(page: URL): Promise<void> {
  const cookies = new Map<string, string>();
  for (let url: URL | undefined = page; url !== undefined;) {
    const cookie = [...cookies.values()].join('; ');
    const response: Response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) cookies.set(line.split('=')[0] ?? '', line.split(';')[0] ?? '');
    const location = response.headers.get('location');
    url = location === null ? undefined : new URL(location, url);
  }
}
