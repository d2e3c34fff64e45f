import { expect, test } from 'vitest';
import { folderWith, input, runCli } from '../../test-fixtures/run-cli.ts';
import { answersIn, callMessage, greeting, runWithHost } from '../../test-fixtures/wire-lines.ts';

const shop = {
  name: 'shop',
  instructions: 'Ask for prices.',
  tools: {
    price: {
      description: 'What an item costs',
      inputSchema: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
      outputSchema: { type: 'object', properties: { price: { type: 'number' } }, required: ['price'] },
      annotations: { readOnlyHint: true },
      answer: [
        { when: { item: 'tea' }, structured: { price: 3 } },
        { when: { item: 'milk' }, error: { code: -32050, message: 'Sold out', data: { until: 'Monday' } } },
        { text: 'Nobody knows', isError: true },
      ],
    },
    greet: { answer: { text: 'Hello', delay: '30ms' } },
    draw: { answer: { content: [{ type: 'image', mimeType: 'image/png', data: 'AAAA' }] } },
    nothing: {},
  },
  resources: { 'config://settings': { theme: 'dark' }, 'note://a': 'A note' },
  prompts: { greet: { description: 'Greets', arguments: ['name'], text: 'Greet {name}, {other}' } },
};

type Answer = Readonly<Record<string, unknown>>;

/** What a mock of `definition` answers a host that says these after its greeting. */
async function asked(definition: object, ...messages: readonly object[]): Promise<ReadonlyMap<unknown, Answer>> {
  const cwd = folderWith({ 'mock.yaml': definition });
  const { stdout, stderr } = await runWithHost(['mock', 'mock.yaml'], [...greeting, ...messages], { cwd });
  expect(stderr).toBe('');
  return answersIn(stdout);
}

const conversations: readonly [what: string, message: object, answer: object][] = [
  [
    'the answer for these arguments',
    callMessage(1, 'price', { item: 'tea' }),
    { result: { structuredContent: { price: 3 }, content: [{ text: '{"price":3}' }] } },
  ],
  [
    'a JSON-RPC error',
    callMessage(1, 'price', { item: 'milk' }),
    { error: { code: -32050, message: 'Sold out', data: { until: 'Monday' } } },
  ],
  [
    'the answer for all others',
    callMessage(1, 'price', { item: 'x' }),
    { result: { isError: true, content: [{ text: 'Nobody knows' }] } },
  ],
  [
    'that arguments do not fit',
    callMessage(1, 'price'),
    { result: { isError: true, content: [{ text: expect.stringContaining('item is required') }] } },
  ],
  ['the protocol’s own content', callMessage(1, 'draw'), { result: { content: [{ type: 'image', data: 'AAAA' }] } }],
  ['nothing', callMessage(1, 'nothing'), { result: { content: [] } }],
  [
    'that a tool is not there',
    callMessage(1, 'toString'),
    { error: { code: -32602, message: 'Tool toString not found' } },
  ],
  [
    'a resource',
    { id: 1, method: 'resources/read', params: { uri: 'config://settings' } },
    { result: { contents: [{ text: '{"theme":"dark"}', mimeType: 'application/json' }] } },
  ],
  [
    'a text',
    { id: 1, method: 'resources/read', params: { uri: 'note://a' } },
    { result: { contents: [{ text: 'A note', mimeType: 'text/plain' }] } },
  ],
  [
    'that a resource is not there',
    { id: 1, method: 'resources/read', params: { uri: 'x:' } },
    { error: { code: -32602 } },
  ],
  [
    'a prompt',
    { id: 1, method: 'prompts/get', params: { name: 'greet', arguments: { name: 'Ada' } } },
    { result: { messages: [{ content: { text: 'Greet Ada, {other}' } }] } },
  ],
  [
    'that an argument is missing',
    { id: 1, method: 'prompts/get', params: { name: 'greet' } },
    { error: { message: 'The argument name is missing' } },
  ],
  [
    'its tools',
    { id: 1, method: 'tools/list' },
    {
      result: {
        tools: [
          { name: 'price', annotations: { readOnlyHint: true } },
          { name: 'greet', inputSchema: { type: 'object' } },
          {},
          {},
        ],
      },
    },
  ],
  [
    'its resources',
    { id: 1, method: 'resources/list' },
    { result: { resources: [{ uri: 'config://settings' }, { uri: 'note://a' }] } },
  ],
  [
    'its prompts',
    { id: 1, method: 'prompts/list' },
    { result: { prompts: [{ name: 'greet', arguments: [{ name: 'name', required: true }] }] } },
  ],
  ['that it knows no such method', { id: 1, method: 'no/such' }, { error: { code: -32601 } }],
];

test('a host is told what the file says', async () => {
  const answers = await asked(shop, ...conversations.map(([, message], id) => ({ ...message, id })));
  for (const [id, [what, , answer]] of conversations.entries()) {
    expect.soft(answers.get(id), what).toMatchObject(answer);
  }
});

test('it says of itself what the file says, and offers no more', async () => {
  expect((await asked(shop)).get('hello')).toMatchObject({
    result: { serverInfo: { name: 'shop' }, instructions: 'Ask for prices.', capabilities: { tools: {}, prompts: {} } },
  });
  expect((await asked({ tools: {} })).get('hello')).toMatchObject({ result: { capabilities: { tools: {} } } });
});

test('an answer takes its time, and others overtake it', async () => {
  const answers = await asked({ ...shop, delay: 10 }, callMessage(1, 'greet'), callMessage(2, 'nothing'));
  expect([...answers.keys()].filter((id) => typeof id === 'number')).toEqual([2, 1]);
});

test.each([
  ['tools: { a: { anser: {} } }', 'mock.yaml: tools.a.anser is not a known property'],
  ['tools: { a: { answer: { error: { code: 1 } } } }', 'tools.a.answer.error.message is required'],
  ['delay: soon', 'mock.yaml: delay'],
  ['tools: [', 'mock.yaml: '],
  ['tools: !!js/function x', 'mock.yaml: '],
])('a file that says %j is refused', async (text, says) => {
  const cwd = folderWith({ 'mock.yaml': text });
  const { exitCode, stdout, stderr } = await runCli(['mock', 'mock.yaml'], { cwd, stdin: input('') });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(says);
});
