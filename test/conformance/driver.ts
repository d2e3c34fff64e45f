// The client that the conformance suite tests: does what a scenario asks for, on the server URL that comes last in argv.
import { createHash } from 'node:crypto';
import { connect, type McpClient, type ProtocolVersion } from '@toolwire/client-core';
import { oauthOf, type AuthContext } from './oauth.ts';

interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

const callEveryTool = async (client: McpClient, args: Record<string, unknown>): Promise<void> => {
  for (const tool of await client.listTools()) await client.callTool(tool.name, args);
};

interface Context extends AuthContext {
  toolCalls?: ToolCall[];
}

const scenarios: Record<string, (client: McpClient, context: Context) => Promise<unknown>> = {
  initialize: (client) => client.listTools(),
  tools_call: async (client) => {
    await client.listTools();
    await client.callTool('add_numbers', { a: 5, b: 3 });
  },
  'elicitation-sep1034-client-defaults': (client) => callEveryTool(client, {}),
  'sse-retry': (client) => callEveryTool(client, {}),
  'request-metadata': (client) => client.listTools(),
  'sep-2322-client-request-state': async (client) => {
    await client.listTools();
    // An unrelated call runs while the first one waits for input.
    await Promise.all([client.callTool('test_mrtr_echo_state'), client.callTool('test_mrtr_unrelated')]);
    await client.callTool('test_mrtr_no_state');
    await client.callTool('test_mrtr_no_result_type');
  },
  'http-standard-headers': async (client) => {
    await callEveryTool(client, {});
    for (const { uri } of await client.listResources()) await client.readResource(uri);
    for (const { name } of await client.listPrompts()) await client.getPrompt(name);
  },
  'http-custom-headers': async (client, { toolCalls = [] }) => {
    await client.listTools();
    for (const { name, arguments: args } of toolCalls) await client.callTool(name, args);
  },
  'http-invalid-tool-headers': (client) => callEveryTool(client, { region: 'us-west1' }),
  'json-schema-ref-no-deref': (client) => client.listTools(),
  'json-schema-2020-12-preservation': async (client) => {
    const tools = await client.listTools();
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
    await client.callTool('json_schema_echo', { schema });
  },
  'sep-2640-client-no-prefetch': (client) => listSkills(client),
  'sep-2640-client-verify-digest': loadSkills,
  'sep-2640-client-verify-size': loadSkills,
  'sep-2640-client-verify-frontmatter': loadSkills,
};

/** What every scenario about OAuth guards. */
async function listAndCall(client: McpClient): Promise<void> {
  await client.listTools();
  await client.callTool('test-tool');
}

interface Skill {
  uri: string;
  frontmatter: Record<string, unknown>;
  resources: { uri: string; digest: string; size: number }[];
}

async function listSkills(client: McpClient): Promise<Skill[]> {
  // The suite serves skills of the extension's shape.
  const { skills } = (await client.request('skills/list')) as { skills: Skill[] };
  return skills;
}

/** What a host does that trusts only what it can verify: reads a skill's files, and stops at the first that differs. */
async function loadSkills(client: McpClient): Promise<void> {
  for (const skill of await listSkills(client)) {
    for (const { uri, digest, size } of skill.resources) {
      const text = String(await client.getResource(uri));
      if (Buffer.byteLength(text) !== size) throw new Error(`${uri} has a wrong size`);
      if (`sha256:${createHash('sha256').update(text).digest('hex')}` !== digest) throw new Error(`${uri} was changed`);
      if (uri === skill.uri && !hasFrontmatter(text, skill.frontmatter)) throw new Error(`${uri} says something else`);
    }
  }
}

function hasFrontmatter(text: string, expected: Record<string, unknown>): boolean {
  const block = /^---\n(.*?)\n---\n/s.exec(text)?.[1] ?? '';
  const fields = block.split('\n').map((line) => line.split(/:\s*(.*)/s).slice(0, 2));
  const found = Object.fromEntries(fields) as Record<string, string>;
  return Object.entries(expected).every(([key, value]) => found[key] === value);
}

const { MCP_CONFORMANCE_SCENARIO: name = '', MCP_CONFORMANCE_CONTEXT: context = '{}' } = process.env;
const run = name.startsWith('auth/') ? listAndCall : scenarios[name];
if (run === undefined) throw new Error(`no driver for the scenario ${JSON.stringify(name)}`);

const url = process.argv.at(-1) ?? '';
const parsed = JSON.parse(context) as Context;
const oauth = await oauthOf(name, parsed, url);
await using client = await connect(url, {
  ...(oauth !== undefined && { oauth }),
  clientInfo: { name: 'toolwire-conformance', version: '1.0.0' },
  // The suite names the revision of the run; `auto` has to find it out.
  protocolVersion: (process.env['TOOLWIRE_PROTOCOL_VERSION'] ?? 'auto') as ProtocolVersion | 'auto',
  handlers: {
    elicitation: () => ({ action: 'accept', content: name.startsWith('sep-2322') ? { confirmed: true } : {} }),
    sampling: async () => ({ role: 'assistant', content: { type: 'text', text: 'sampled' }, model: 'none' }),
    roots: [],
  },
});
await run(client, parsed);
