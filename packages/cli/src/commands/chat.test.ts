import { describe, expect, onTestFinished, test } from 'vitest';
import { scripted, startOpenAI, type Model, type ModelTurn } from '../../../../test/servers/openai.ts';
import { fixtureEntry, folderWith, input, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';
import type { Io } from '../io.ts';

const look = { calls: [{ name: 'get_user', arguments: { user_id: 123 } }] };
const destroy = { calls: [{ name: 'echo', arguments: { message: 'boom' } }] };

interface Chat extends Outcome {
  readonly requests: readonly { readonly api: string; readonly body: Record<string, unknown> }[];
}

async function chat(
  turns: readonly ModelTurn[] | Model,
  words: readonly string[],
  io: Partial<Io> = {},
): Promise<Chat> {
  const model = await startOpenAI(typeof turns === 'function' ? turns : scripted(...turns));
  onTestFinished(() => model.close());
  const cwd = folderWith({ 'mcp.json': { mcpServers: { local: fixtureEntry() } } });
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'key' };
  const outcome = await runCli(['chat', ...words], { cwd, env, ...io });
  expect(model.refusals).toEqual([]);
  return { ...outcome, requests: model.requests };
}

/** A terminal where somebody types these lines. */
function terminal(...lines: readonly string[]): Pick<Io, 'stdin' | 'stderr'> & { shown(): string } {
  let shown = '';
  const stdin = Object.assign(typed(lines), { isTTY: true });
  const stderr = {
    isTTY: true,
    write(text: string, done: () => void): void {
      shown += text;
      done();
    },
  };
  return { stdin, stderr, shown: () => shown };
}

async function* typed(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield `${line}\n`;
}

test.each(['chat', 'responses'])('a model calls a tool, and answers (%s)', async (api) => {
  const words = ['Get user with ID 123', '--model', 'gpt-5.4', '--api', api, '--yes'];
  const { exitCode, stdout, stderr, requests } = await chat(
    [{ text: 'Wait.', ...look }, { text: 'It is Ada.' }],
    words,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Wait.\nIt is Ada.\n' });
  expect(stderr).toBe('→ get_user {"user_id":123}\n← get_user 15 characters\n');
  expect(requests.map((request) => request.api)).toEqual([api, api]);
  expect(JSON.stringify(requests[1]?.body)).toContain(String.raw`{\"user_id\":123}`);
});

test('with --json all of it is one JSON', async () => {
  const { exitCode, stdout, stderr } = await chat(
    [look, { text: 'It is Ada.' }],
    ['Get 123', '--model', 'm', '--yes', '--json'],
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    text: 'It is Ada.',
    finish: 'stop',
    runs: [
      {
        tool: 'get_user',
        args: { user_id: 123 },
        outcome: 'answered',
        result: { content: [{ type: 'text', text: '{"user_id":123}' }] },
      },
    ],
  });
});

test('the prompt may come from standard input', async () => {
  const { requests } = await chat([{ text: 'Hi.' }], ['-', '--model', 'm'], { stdin: input('from a pipe') });
  expect(requests[0]?.body['messages']).toEqual([{ role: 'user', content: 'from a pipe' }]);
});

describe('a call that may change something', () => {
  test('is declined where nobody can be asked', async () => {
    const { exitCode, stdout, stderr, requests } = await chat(
      [destroy, { text: 'I could not.' }],
      ['Boom', '--model', 'm'],
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: 'I could not.\n' });
    expect(stderr).toContain('echo was not run: it may change something; --yes allows it');
    expect(JSON.stringify(requests[1]?.body)).toContain('declined this call');
  });

  test.each<[answer: string, exitCode: number, outcome: string]>([
    ['y', 0, '4 characters'],
    ['yes', 0, '4 characters'],
    ['n', 5, 'declined'],
    ['', 5, 'declined'],
  ])('is asked about on a terminal: %j', async (answer, exitCode, outcome) => {
    const screen = terminal(answer);
    const ended = await chat([destroy, { text: 'Done.' }], ['Boom', '--model', 'm'], screen);
    expect(ended.exitCode).toBe(exitCode);
    const question = 'Run echo {"message":"boom"}? [y]es, [a]lways, [N]o: ';
    expect(screen.shown()).toContain(`→ echo {"message":"boom"}\n${question}← echo ${outcome}`);
  });

  test('is asked about once when the answer is always, and again when it is not', async () => {
    const always = terminal('a');
    expect((await chat([destroy, destroy, { text: 'Done.' }], ['Boom', '--model', 'm'], always)).exitCode).toBe(0);
    const each = terminal('y', 'n');
    expect((await chat([destroy, destroy, { text: 'Done.' }], ['Boom', '--model', 'm'], each)).exitCode).toBe(5);
  });

  test('is declined when the terminal is closed', async () => {
    expect((await chat([destroy, { text: 'Done.' }], ['Boom', '--model', 'm'], terminal())).exitCode).toBe(5);
  });
});

describe('the exit code says what came of it', () => {
  test.each<[what: string, turn: ModelTurn, message: string]>([
    ['a refusal', { refusal: 'I will not.' }, 'the model refuses'],
    ['an answer that is too long', { text: 'Once', cut: 'length' }, 'was cut: it became too long'],
    ['an answer that is filtered', { text: 'Once', cut: 'content_filter' }, 'was cut by a content filter'],
  ])('%s: 1', async (_what, turn, message) => {
    const { exitCode, stderr } = await chat([turn], ['Hi', '--model', 'm']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  test.each<[what: string, words: string[], env: Record<string, string>, exitCode: number, message: string]>([
    ['no model', ['Hi'], {}, 2, 'Name the model'],
    ['two prompts', ['Hi', 'there', '--model', 'm'], {}, 2, 'Say one thing'],
    ['a flag that is none', ['Hi', '--modle', 'm'], {}, 2, 'Did you mean "--model"?'],
    ['an interface that is none', ['Hi', '--model', 'm', '--api', 'grpc'], {}, 2, '--api is one of chat, responses'],
    ['no key', ['Hi', '--model', 'm'], {}, 4, 'OPENAI_API_KEY is not set'],
    ['an address that is none', ['Hi', '--model', 'm'], { OPENAI_BASE_URL: 'localhost' }, 2, 'OPENAI_BASE_URL'],
    ['a key that is wrong', ['Hi', '--model', 'm'], { OPENAI_BASE_URL: 'standIn' }, 4, 'did not provide an API key'],
  ])('%s', async (_what, words, env, exitCode, message) => {
    const model = await startOpenAI(scripted());
    onTestFinished(() => model.close());
    const cwd = folderWith({ 'mcp.json': { mcpServers: { local: fixtureEntry() } } });
    const url = env['OPENAI_BASE_URL'] === 'standIn' ? { OPENAI_BASE_URL: model.url } : env;
    const outcome = await runCli(['chat', ...words], { cwd, env: url });
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });

  test('a model that cannot be reached: 3, told as JSON where that is wanted', async () => {
    const words = ['chat', 'Hi', '--model', 'm', '--json', '--', process.execPath, ...fixtureEntry().args];
    const { exitCode, stderr } = await runCli(words, { env: { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' } });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'model-failed', message: expect.stringContaining('Cannot reach http://127.0.0.1:1') },
    });
  });
});

test('a dead server is told, and hides no other', async () => {
  const cwd = folderWith({ 'mcp.json': { mcpServers: { dead: fixtureEntry('dies'), local: fixtureEntry() } } });
  const turns = [{ calls: [{ name: 'local__get_user', arguments: { user_id: 123 } }] }, { text: 'Ada.' }];
  const { exitCode, stdout, stderr } = await chat(turns, ['Get 123', '--model', 'm', '--yes'], { cwd });
  expect(stderr).toContain('→ local/get_user {"user_id":123}');
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Ada.\n' });
  expect(stderr).toContain('mcp: dead: ');
});

test('nothing that the model says moves the cursor', async () => {
  const { stdout } = await chat([{ text: 'a\u001b[2Jb' }], ['Hi', '--model', 'm']);
  expect(stdout).toBe(String.raw`a\x1b[2Jb` + '\n');
});

test('mcp chat alone shows how it is used', async () => {
  const { exitCode, stdout } = await runCli(['chat']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Usage: mcp chat');
});
