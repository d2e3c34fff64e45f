/** The tools of the servers in this folder: each is there for one promise of the command. */
const tools: readonly object[] = [
  {
    name: 'echo',
    description: 'Says a message back. Nothing else.',
    inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  },
  {
    name: 'get_user',
    description: 'Answers with its arguments.',
    inputSchema: {
      type: 'object',
      properties: {
        user_id: { type: 'integer' },
        verbose: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
      },
      required: ['user_id'],
      additionalProperties: false,
    },
  },
  {
    name: 'claims_flags',
    description: 'Has properties that are called like flags of the command.',
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(
        ['json', 'config', 'timeout', 'input', 'help', 'header'].map((name) => [name, { type: 'string' }]),
      ),
    },
  },
  { name: 'fail', description: 'Reports an error.', inputSchema: { type: 'object' } },
  { name: 'refuse', description: 'Is refused with a JSON-RPC error.', inputSchema: { type: 'object' } },
  { name: 'hang', description: 'Never answers.', inputSchema: { type: 'object' } },
  { name: 'die', description: 'Ends the server.', inputSchema: { type: 'object' } },
  { name: 'where', description: 'Says in which folder it runs.', inputSchema: { type: 'object' } },
  { name: 'big', description: 'Answers with a megabyte.', inputSchema: { type: 'object' } },
  { name: 'picture', description: 'Answers with an image.', inputSchema: { type: 'object' } },
  { name: 'structured', description: 'Answers with structured content only.', inputSchema: { type: 'object' } },
  { name: 'evil', description: 'Sends \u001b[31mescapes\u202e.', inputSchema: { type: 'object' } },
  {
    name: 'odd',
    description: 'Has a schema that no validator knows.',
    inputSchema: {
      type: 'object',
      properties: { value: { type: 'colour', 'x-shade': { $ref: 'https://example.com/shade' } } },
    },
  },
];

type Arguments = Readonly<Record<string, unknown>>;

const answers: Readonly<Record<string, (args: Arguments) => object>> = {
  fail: () => ({ ...text('it did not work'), isError: true }),
  where: () => text(process.cwd()),
  big: () => text('0123456789abcdef'.repeat(65_536)),
  picture: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(16_000) }] }),
  structured: () => ({ content: [], structuredContent: { answer: 42 } }),
  evil: () => text('\u001b]52;c;aGk=\u0007\u009b2J\u202e\u{e0041}\u200bplain'),
  echo: ({ message }) => text(String(message)),
};

/** A request as these servers read it. */
export interface FixtureRequest {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly name?: string; readonly arguments?: Arguments };
}

/** The result for a request, or `undefined` where the server is to be silent. */
export function answerRequest({ method, params = {} }: FixtureRequest): object | undefined {
  if (method === 'initialize') {
    const { protocolVersion } = params;
    const serverInfo = { name: 'fixture', version: '1.0.0' };
    return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
  }
  if (method === 'ping') return { result: {} };
  if (method === 'tools/list') return { result: { tools } };
  if (method === 'tools/call') return answerCall(params.name ?? '', params.arguments ?? {});
  return { error: { code: -32601, message: 'Method not found' } };
}

/** Tools without an answer of their own answer with their arguments. */
function answerCall(name: string, args: Arguments): object | undefined {
  if (name === 'hang') return undefined;
  if (name === 'refuse') return { error: { code: -32602, message: 'Those arguments are wrong' } };
  return { result: answers[name]?.(args) ?? text(JSON.stringify(args)) };
}

function text(value: string): object {
  return { content: [{ type: 'text', text: value }] };
}
