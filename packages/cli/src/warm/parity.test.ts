import { describe, expect, test } from 'vitest';
import { realCommand } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry } from '../../test-fixtures/run-cli.ts';
import { warmUser } from '../../test-fixtures/warm.ts';

const fixture = ['--', process.execPath, ...fixtureEntry().args];

/** Command lines for each server: what they come to must not depend on the way that they take. */
const lines: readonly (readonly [string, readonly string[], readonly (readonly string[])[]])[] = [
  [
    'a small server',
    fixture,
    [
      ['tools', 'list'],
      ['tools', 'show', 'get_user'],
      ['tools', 'call', 'echo', '--help'],
      ['tools', 'call', 'echo', '--message', 'ünï\u0007'],
      ['--json', 'tools', 'call', 'echo', '--message', 'hi'],
      ['tools', 'call', 'ehco'],
      ['tools', 'call', 'echo'],
      ['tools', 'call', 'fail'],
      ['tools', 'call', 'refuse'],
      ['--json', 'tools', 'call', 'refuse'],
      ['--json', 'tools', 'call', 'die'],
      ['tools', 'call', 'die'],
      ['tools', 'call', 'big'],
      ['tools', 'call', 'picture'],
      ['--json', 'tools', 'call', 'structured'],
      ['tools', 'call', 'evil'],
      ['prompts', 'list'],
      ['rpc', 'no/such/method'],
      ['rpc', 'tools/list'],
    ],
  ],
  ...(['v1', 'v2'] as const).map(
    (generation) =>
      [
        `a ${generation} server`,
        realCommand(generation),
        [
          ['--json', 'tools', 'list'],
          ['--json', 'tools', 'call', 'add', '--a', '1', '--b', '2'],
          ['tools', 'call', 'fail'],
          ['tools', 'call', 'confirm'],
          ['tools', 'call', 'visit'],
          ['tools', 'call', 'sample'],
          ['--json', 'resources', 'list'],
          ['--json', 'resources', 'templates'],
          ['resources', 'read', 'test://no-such-thing'],
          ['--json', 'prompts', 'list'],
          ['rpc', 'prompts/get', '{"name": "no_such_prompt"}'],
          ['logs', '--level', 'error'],
        ],
      ] as const,
  ),
];

describe.each(lines)('%s', (_server, command, argvs) => {
  test('is the same for whoever calls it, warm or not', async () => {
    const user = warmUser();
    const cold = [];
    for (const argv of argvs) cold.push(await user.run([...argv, ...command]));
    expect(await user.run(['up', ...command])).toMatchObject({ exitCode: 0 });
    for (const [index, argv] of argvs.entries())
      expect({ argv, ...(await user.run([...argv, ...command])) }).toEqual({ argv, ...cold[index] });
    const [keeper] = await user.connections();
    expect(keeper?.calls).toBeGreaterThan(argvs.length);
  }, 60_000);
});

test('a call that takes too long fails as ever', async () => {
  const user = warmUser();
  await user.run(['up', ...fixture]);
  const { exitCode, stderr } = await user.run(['tools', 'call', 'hang', '--timeout', '300ms', ...fixture]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 124,
    stderr: expect.stringMatching(/^mcp: node: No answer to tools\/call within 300 ms\n {2}Wait longer with --timeout/),
  });
});
