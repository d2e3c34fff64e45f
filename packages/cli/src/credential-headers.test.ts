import { expect, onTestFinished, test } from 'vitest';
import { listeners, startHttpServer } from '../test-fixtures/http-server.ts';
import { runCli } from '../test-fixtures/run-cli.ts';

test.each([
  ['tools', 'list'],
  ['resources', 'list'],
  ['prompts', 'list'],
])('--bearer-env shows the token of a variable to a URL (mcp %s %s)', async (...words) => {
  const server = await startHttpServer(listeners.mcp);
  onTestFinished(() => server.close());
  await runCli([...words, '-s', server.url, '--bearer-env', 'TOKEN'], { env: { TOKEN: 'the-token' } });
  expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer the-token']));
});

test('a token goes to no server that it may not be meant for', async () => {
  const argv = ['tools', 'list', '-s', 'http://127.0.0.1:1', '-s', 'http://127.0.0.1:2', '--bearer-env', 'TOKEN'];
  const { exitCode, stderr } = await runCli(argv, { env: { TOKEN: 'CANARY' } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('needs one server') });
  expect(stderr).not.toContain('CANARY');
});
