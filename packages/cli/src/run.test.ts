import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from '../test-fixtures/run-cli.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

test.each([['--version'], ['-V'], ['tools', 'list', '--version']])(
  '%s prints the version of the package',
  async (...argv) => {
    expect(await runCli(argv)).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
  },
);

describe('help is a result: on stdout, with exit code 0', () => {
  test.each<[argv: string[], start: string]>([
    [[], 'mcp: call the tools'],
    [['--help'], 'mcp: call the tools'],
    [['-h'], 'mcp: call the tools'],
    [['help'], 'mcp: call the tools'],
    [['tools'], 'mcp: call the tools'],
    [['tools', '--help'], 'mcp: call the tools'],
    [['tools', 'list', '--help'], 'Usage: mcp tools list'],
    [['tools', 'show', '-h'], 'Usage: mcp tools show'],
    [['tools', 'call', '--help'], 'Usage: mcp tools call'],
    [['help', 'tools', 'call'], 'Usage: mcp tools call'],
  ])('%j', async (argv, start) => {
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.startsWith(start)).toBe(true);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });
});

describe('what is not understood is refused with exit code 2, and nothing is run', () => {
  test.each<[argv: string[], message: string]>([
    [['tool', 'list'], 'Unknown command "tool"\n  Did you mean "tools"?'],
    [['tools', 'lst'], 'Unknown command "lst"\n  Did you mean "list"?'],
    [['frobnicate'], 'Unknown command "frobnicate"\n  See mcp --help'],
    [['constructor'], 'Unknown command "constructor"\n  See mcp --help'],
    [['tools', 'list', '--jsn'], 'Unknown flag --jsn\n  Did you mean "--json"?'],
    [['tools', 'list', '--input', '{}'], '--input is for mcp tools call'],
    [['tools', 'list', '--timeout', 'x'], '--timeout wants a time such as 500, 30s or 2m, not "x"'],
    [['tools', 'show'], 'Name one tool: mcp tools show NAME'],
    [['tools', 'call'], 'Name the tool: mcp tools call NAME --key value'],
    [['tools', 'call', '--', 'server'], 'Name the tool: mcp tools call NAME --key value'],
    [['tools', 'list', '--'], 'A command is missing after --'],
    [['tools', 'list', '-s', 'a', '--', 'b'], 'Name one server: either a or the command after --'],
    [['tools', 'list', '-s', 'ftp://x'], 'ftp:// is not supported here'],
    [['tools', 'list', '-s', 'http://['], 'http://[ is not a valid URL'],
    [['tools', 'list', '--header', 'A: b', '--', 'server'], '--header is for URLs; server is started as a command'],
  ])('%j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`mcp: ${message}`);
  });
});

test('with --json a refusal is one line of JSON on stderr', async () => {
  const { exitCode, stdout, stderr } = await runCli(['tools', 'list', '--json', '--jsn']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr.endsWith('\n') && stderr.split('\n')).toHaveLength(2);
  expect(JSON.parse(stderr)).toEqual({
    error: { code: 'usage', message: 'Unknown flag --jsn', server: null, hint: 'Did you mean "--json"?' },
  });
});

test('without any configuration the message says how to add one, and offers the demonstration', async () => {
  const { exitCode, stderr } = await runCli(['tools', 'list']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('mcp servers add NAME');
  expect(stderr).toContain('mcp tools list -s demo');
});
