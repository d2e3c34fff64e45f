import {
  Agent,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  run,
  setTracingDisabled,
  type Model,
} from '@openai/agents';
import { connect, type McpClient } from '@toolwire/client-core';
import { toAgentsTools, type AgentsToolsOptions } from '@toolwire/openai-bridge/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stdioServer } from '../servers/launch.ts';
import { scripted, startOpenAI, type ModelTurn } from '../servers/openai.ts';
import { apis, call, type Api } from './openai-harness.ts';

let v2: McpClient;

beforeAll(async () => {
  setTracingDisabled(true);
  v2 = await connect(stdioServer('v2-server'));
});

afterAll(() => v2.close());

async function startAgent(
  api: Api,
  turns: readonly ModelTurn[],
  options: AgentsToolsOptions = {},
): Promise<{ agent: Agent; requests: readonly { body: unknown }[]; refusals: readonly string[] }> {
  const server = await startOpenAI(scripted(...turns));
  onTestFinished(() => server.close());
  const openai = new OpenAI({ apiKey: 'key', baseURL: server.url, maxRetries: 0 });
  const model: Model =
    api === 'chat' ? new OpenAIChatCompletionsModel(openai, 'gpt-4.1') : new OpenAIResponsesModel(openai, 'gpt-4.1');
  const agent = new Agent({ name: 'Helper', model, tools: await toAgentsTools({ v2 }, options) });
  return { agent, requests: server.requests, refusals: server.refusals };
}

describe.each(apis)('an agent over %s', (api) => {
  test('calls MCP tools, and is told what it got wrong', async () => {
    const { agent, requests, refusals } = await startAgent(api, [
      call('v2__add', { a: 2, b: 3 }),
      call('v2__add', { a: 'two' }),
      call('v2__fail', {}),
      { text: 'It is five.' },
    ]);
    const result = await run(agent, 'What is 2 + 3?');
    expect(result.finalOutput).toBe('It is five.');
    const told = JSON.stringify(requests.at(-1)?.body);
    expect(told).toContain(String.raw`{\"sum\":5}`);
    expect(told).toContain('Not called: the arguments are not valid');
    expect(told).toContain('The tool reports an error');
    expect(refusals).toEqual([]);
  });

  test('waits for approval where it is asked to', async () => {
    const needsApproval = ({ name }: { name: string }): boolean => name === 'echo';
    const { agent, requests } = await startAgent(api, [call('v2__echo', { text: 'hi' }), { text: 'Said.' }], {
      needsApproval,
    });
    const stopped = await run(agent, 'Say hi');
    expect(stopped.interruptions).toHaveLength(1);
    for (const item of stopped.interruptions) stopped.state.approve(item);
    expect((await run(agent, stopped.state)).finalOutput).toBe('Said.');
    expect(JSON.stringify(requests.at(-1)?.body)).toContain('hi');
  });
});

test('an agent over responses sees images', async () => {
  const { agent, requests, refusals } = await startAgent('responses', [call('v2__picture', {}), { text: 'A pixel.' }]);
  await run(agent, 'Look');
  expect(JSON.stringify(requests.at(-1)?.body)).toContain(
    '"type":"input_image","image_url":"data:image/png;base64,iVBOR',
  );
  expect(refusals).toEqual([]);
});
