import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { noisyCommand, realCommand, realEntry, severalServers } from '../../test-fixtures/real-servers.ts';
import { folderWith, runCli, startCli } from '../../test-fixtures/run-cli.ts';

describe.each(['v1', 'v2'] as const)('the resources of a %s server', (generation) => {
  const server = realCommand(generation);

  test.each<[argv: string[], exitCode: number, stdout: string]>([
    [['resources', 'read', 'config://settings'], 0, '{"theme":"dark","size":3}\n'],
    [['resources', 'read', 'greeting://Ada'], 0, 'Hello, Ada!\n'],
    [['resources', 'read', 'picture://pixel'], 0, '[resource picture://pixel, image/png, 68 B]\n'],
    [['resources', 'read', 'config://settings', '--pick', 'theme'], 0, 'dark\n'],
    [['resources', 'read', 'notes://readme', '-r'], 0, 'Read me first.'],
    [['resources', 'read', 'notes://readme', '--pick', 'contents[0].text'], 0, 'Read me first.\n'],
    [['resources', 'read', 'config://settings', '--pick', 'colour'], 1, ''],
  ])('%j', async (argv, exitCode, stdout) => {
    expect(await runCli([...argv, ...server])).toMatchObject({ exitCode, stdout });
  });

  test('are listed, every page of them', async () => {
    const { exitCode, stdout, stderr } = await runCli(['resources', 'list', ...server]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^config:\/\/settings {2}application\/json {2}settings$/m);
    expect(stdout.trimEnd().split('\n')).toHaveLength(23);
    const templates = await runCli(['resources', 'templates', '-o', 'jsonl', ...server]);
    expect(JSON.parse(templates.stdout.split('\n')[0] ?? '')).toMatchObject({ uriTemplate: 'greeting://{name}' });
  });
});

test('bytes are printed as they are, and saved as they are', async () => {
  const cwd = folderWith({});
  const { stdout } = await runCli(['resources', 'read', 'picture://pixel', '-r', ...realCommand('v1')]);
  expect(stdout.slice(1, 4)).toBe('PNG');
  const saving = ['resources', 'read', 'picture://pixel', '--save', 'x.png', ...realCommand('v1')];
  expect((await runCli(saving, { cwd })).stderr).toBe('mcp: resource image/png saved as x.png\n');
  expect(readFileSync(`${cwd}/x.png`, 'latin1')).toBe(stdout);
});

describe('among several servers', () => {
  test('all are listed, one without resources has none, and a dead one is told', async () => {
    const { exitCode, stdout, stderr } = await runCli(['resources', 'list'], { cwd: severalServers() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('few\n  (no resources)\n\nfull\n  config://settings');
    expect(stderr).toContain('mcp: dead: ');
  });

  test('the one is read that lists a URI, or whose template fits it', async () => {
    const cwd = severalServers();
    expect((await runCli(['resources', 'read', 'notes://readme'], { cwd })).stdout).toBe('Read me first.\n');
    const { exitCode, stdout, stderr } = await runCli(['resources', 'read', 'greeting://Bob'], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Hello, Bob!\n' });
    expect(stderr).toContain('mcp: dead: ');
  });

  test('a URI that several have is refused until one is named', async () => {
    const both = { mcpServers: { a: realEntry('v1'), b: realEntry('v2') } };
    const cwd = folderWith({ 'mcp.json': both });
    const { exitCode, stderr } = await runCli(['resources', 'read', 'notes://readme'], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'mcp: Several servers have a resource notes://readme\n  Write -s a or -s b\n',
    });
    const wrong = await runCli(['resources', 'read', 'notes://redme'], { cwd });
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toContain('Did you mean "notes://readme"?');
  });
});

test('subscribe prints a line for each change, until it is interrupted', async () => {
  const subscriber = startCli(['resources', 'subscribe', 'a:b', '--json', ...noisyCommand]);
  await expect.poll(() => subscriber.stdout().split('\n').length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(JSON.parse(subscriber.stdout().split('\n')[0] ?? '')).toMatchObject({ uri: 'a:b', server: 'node' });
  expect(await subscriber.interrupt()).toMatchObject({
    exitCode: 130,
    stderr: expect.stringContaining('"interrupted"'),
  });
});
