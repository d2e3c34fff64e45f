import { expect, test } from 'vitest';
import { folderWith, input, runCli } from '../../test-fixtures/run-cli.ts';
import { answersIn, callMessage, greeting, runWithHost } from '../../test-fixtures/wire-lines.ts';

const message = (from: string, content: object): string =>
  `${JSON.stringify({ atMs: 1, from, message: { jsonrpc: '2.0', ...content } })}\n`;

const [initialize = {}] = greeting;
const capabilities = { tools: {} };
const recording = [
  '{"version":1}\n',
  message('client', initialize),
  message('server', {
    id: 'hello',
    result: { protocolVersion: '2025-06-18', capabilities, serverInfo: { name: 'recorded', version: '7' } },
  }),
  message('client', callMessage(1, 'price', { item: 'tea' })),
  message('server', { id: 1, result: { content: [{ type: 'text', text: '3' }] } }),
].join('');

test('a host is answered as the recorded one was, as often as it asks, and is told what was not recorded', async () => {
  const cwd = folderWith({ 'a.jsonl': recording });
  const asked = [
    callMessage(5, 'price', { item: 'tea' }),
    callMessage(6, 'price', { item: 'tea' }),
    callMessage(7, 'price', { item: 'milk' }),
  ];
  const { exitCode, stdout, stderr } = await runWithHost(['replay', 'a.jsonl'], [...greeting, ...asked], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const answers = answersIn(stdout);
  expect(answers.get('hello')).toMatchObject({ result: { serverInfo: { name: 'recorded' } } });
  for (const id of [5, 6]) expect(answers.get(id)).toMatchObject({ result: { content: [{ text: '3' }] } });
  expect(answers.get(7)).toMatchObject({ error: { message: expect.stringMatching(/milk.* was not recorded/) } });
});

test.each([
  ['what is no recording', '{"mcpServers": {}}', 'a.jsonl: This is no recording'],
  ['a line that is cut off', `${recording}{"from":"ser`, 'a.jsonl: Line 6 of the recording is cut off'],
])('%s is refused', async (_what, text, says) => {
  const cwd = folderWith({ 'a.jsonl': text });
  const { exitCode, stdout, stderr } = await runCli(['replay', 'a.jsonl'], { cwd, stdin: input('') });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(says);
});

test('a missing file is told', async () => {
  expect(await runCli(['replay', 'none.jsonl'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Cannot read none.jsonl: it does not exist'),
  });
});
