import { existsSync, lstatSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureEntry, folderWith, runUntrusted, type Outcome } from '../../test-fixtures/run-cli.ts';

/** A folder with these files, and a home of its own. */
function machine(files: Readonly<Record<string, unknown>> = {}): { cwd: string; env: Record<string, string> } {
  return { cwd: folderWith(files), env: { HOME: folderWith({}), TOKEN: 's3cret' } };
}

const inFile = (cwd: string, name = 'mcp.json'): unknown =>
  JSON.parse(readFileSync(join(cwd, name), 'utf8')) as unknown;
const done = (text: string): Outcome => ({ exitCode: 0, stdout: text, stderr: '' });

describe('mcp servers add', () => {
  test('writes a command, which its author need not allow again', async () => {
    const io = machine();
    const { command, args } = fixtureEntry();
    expect(await runUntrusted(['servers', 'add', 'local', '--env', 'A=b=c', '--', command, ...args], io)).toEqual(
      done('Added local to mcp.json\n'),
    );
    expect(inFile(io.cwd)).toEqual({ mcpServers: { local: { command, args, env: { A: 'b=c' } } } });
    expect(statSync(join(io.cwd, 'mcp.json')).mode & 0o777).toBe(0o600);
    expect(await runUntrusted(['tools', 'list'], io)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('writes an address with headers, whose variables need not be set yet', async () => {
    const io = machine();
    const header = 'Authorization: Bearer ${NOT_SET}';
    const argv = [
      'servers',
      'add',
      'docs',
      'https://x.example/mcp',
      '--header',
      header,
      '--transport',
      'sse',
      '--user',
    ];
    expect(await runUntrusted(argv, io)).toEqual(done('Added docs to ~/.config/mcp/mcp.json\n'));
    expect(inFile(io.env['HOME'] ?? '', '.config/mcp/mcp.json')).toEqual({
      mcpServers: {
        docs: { type: 'sse', url: 'https://x.example/mcp', headers: { Authorization: 'Bearer ${NOT_SET}' } },
      },
    });
    expect(existsSync(join(io.cwd, 'mcp.json'))).toBe(false);
  });

  test('goes into the file that is there, or is named, and leaves all else in it', async () => {
    const text = '{\n    // ours\n    "mcpServers": {\n        "a": { "command": "a" }, // first\n    }\n}\n';
    const io = machine({ 'server_config.json': text, 'other.json': '{}' });
    await runUntrusted(['servers', 'add', 'b', 'http://x/'], io);
    expect(readFileSync(join(io.cwd, 'server_config.json'), 'utf8')).toBe(
      text.replace('// first', '// first\n        "b": {\n            "url": "http://x/"\n        },'),
    );
    await runUntrusted(['servers', 'add', 'c', 'http://y/', '--config', 'other.json'], io);
    expect(inFile(io.cwd, 'other.json')).toEqual({ mcpServers: { c: { url: 'http://y/' } } });
  });

  test('keeps a link a link, and the mode of a file', async () => {
    const io = machine({ 'real.json': '{}' });
    symlinkSync('real.json', join(io.cwd, 'mcp.json'));
    const mode = statSync(join(io.cwd, 'real.json')).mode;
    await runUntrusted(['servers', 'add', 'a', 'http://x/'], io);
    expect(lstatSync(join(io.cwd, 'mcp.json')).isSymbolicLink()).toBe(true);
    expect(realpathSync(join(io.cwd, 'mcp.json'))).toBe(join(io.cwd, 'real.json'));
    expect(inFile(io.cwd, 'real.json')).toEqual({ mcpServers: { a: { url: 'http://x/' } } });
    expect(statSync(join(io.cwd, 'real.json')).mode).toBe(mode);
  });

  test('replaces a server only with --force', async () => {
    const io = machine({ 'mcp.json': { mcpServers: { a: { command: 'a' } } } });
    const refused = await runUntrusted(['servers', 'add', 'a', 'http://x/'], io);
    expect(refused).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'mcp: mcp.json has a server "a" already\n  Replace it: --force\n',
    });
    await runUntrusted(['servers', 'add', 'a', 'http://x/', '--force'], io);
    expect(inFile(io.cwd)).toEqual({ mcpServers: { a: { url: 'http://x/' } } });
  });

  test.each<[argv: string[], says: RegExp]>([
    [[], /What is to be added/],
    [['a'], /What is to be added/],
    [['a', 'localhost:8000'], /url must be a whole URL/],
    [['a', 'http://x/', '--', 'b'], /an address or a command after --, not both/],
    [['a', '--'], /A command is missing/],
    [['a', 'http://x/', '--env', 'A=s3cret'], /Variables are for commands/],
    [['a', '--header', 'X: s3cret', '--', 'b'], /--header and --transport are for addresses/],
    [['a', '--env', 's3cret', '--', 'b'], /A variable is written KEY=VALUE/],
    [['a', 'http://x/', '--transport', 'pigeon'], /--transport is one of/],
    [['a/b', 'http://x/'], /cannot be called "a\/b"/],
    [['__proto__', 'http://x/'], /cannot be called "__proto__"/],
    [['x.json', 'http://x/'], /cannot be called/],
  ])('refuses %j, writes nothing and repeats no secret', async (argv, says) => {
    const io = machine();
    const { exitCode, stdout, stderr } = await runUntrusted(['servers', 'add', ...argv], io);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain('s3cret');
    expect(existsSync(join(io.cwd, 'mcp.json'))).toBe(false);
  });

  test('touches no file that it cannot read', async () => {
    for (const [text, says] of [
      ['{ "mcpServers": ', /mcp\.json:1:\d+: invalid JSON/],
      ['{ "mcpServers": [] }', /cannot be changed without touching more/],
      ['[]', /cannot be changed without touching more/],
    ] as const) {
      const io = machine({});
      writeFileSync(join(io.cwd, 'mcp.json'), text);
      const { exitCode, stderr } = await runUntrusted(['servers', 'add', 'a', 'http://x/'], io);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(says) });
      expect(readFileSync(join(io.cwd, 'mcp.json'), 'utf8')).toBe(text);
    }
  });
});

describe('mcp servers remove', () => {
  test('takes a server out of the first file that has it', async () => {
    const io = machine({ 'mcp.json': { mcpServers: { a: { command: 'a' }, b: { command: 'b' } } } });
    await runUntrusted(['servers', 'add', 'a', 'http://x/', '--user'], io);
    expect(await runUntrusted(['servers', 'remove', 'a'], io)).toEqual(done('Removed a from mcp.json\n'));
    expect(inFile(io.cwd)).toEqual({ mcpServers: { b: { command: 'b' } } });
    expect(await runUntrusted(['servers', 'remove', 'a'], io)).toEqual(done('Removed a from ~/.config/mcp/mcp.json\n'));
  });

  test('says where a name is not, and which is close', async () => {
    const io = machine({ 'mcp.json': { mcpServers: { github: { command: 'a' } } } });
    expect(await runUntrusted(['servers', 'remove', 'githbu'], io)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'mcp: "githbu" is not in mcp.json\n  Did you mean "github"?\n',
    });
  });
});
