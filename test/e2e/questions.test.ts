import type {
  CreateMessageRequestParams,
  ElicitRequestParams,
  Handlers,
  McpClient,
  ToolResult,
} from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subjects, type Subject } from './subjects.ts';

/** Servers tell of a failed question as an error or as a failed result: both reject here. */
async function succeed(call: Promise<ToolResult>): Promise<void> {
  const result = await call;
  if (result.isError) throw new Error(result.text());
}

// Servers ask back in two ways: requests of their own before 2026-07-28, input-required rounds since. Handlers see no difference.
describe.concurrent.each(subjects.filter(({ streams, revision }) => streams || revision >= '2026-07-28'))(
  '$name',
  ({ revision, open }) => {
    const asked: unknown[] = [];
    const handlers: Handlers = {
      elicitation(params: ElicitRequestParams) {
        asked.push(params);
        if (params.mode === 'url') return { action: 'accept' };
        return { action: 'accept', content: { proceed: true, value: `(${params.message})` } };
      },
      async sampling({ messages, maxTokens }: CreateMessageRequestParams) {
        const text = `${JSON.stringify(messages[0]?.content)} in ${maxTokens}`;
        return { role: 'assistant', model: 'parrot', content: { type: 'text', text } };
      },
      roots: () => [{ uri: 'file:///srv/data', name: 'data' }],
    };
    let subject: Subject;
    let client: McpClient;

    beforeAll(async () => {
      subject = await open();
      client = subject.client({ handlers });
    });
    afterAll(async () => {
      await client.close();
      await subject[Symbol.asyncDispose]();
    });

    test.runIf(revision >= '2025-06-18')('answers a form, with the defaults of its schema', async () => {
      const result = await client.callTool('confirm');
      expect(result.json()).toMatchObject({ action: 'accept', content: { name: 'Ada', proceed: true } });
      expect(asked).toContainEqual(expect.objectContaining({ message: 'Go on?' }));
    });

    test.runIf(revision >= '2025-11-25')('passes a page to visit to the user', async () => {
      expect((await client.callTool('visit')).json()).toEqual({ action: 'accept' });
      expect(asked).toContainEqual(expect.objectContaining({ mode: 'url', url: 'http://127.0.0.1/sign-in' }));
    });

    test.runIf(revision >= '2025-06-18')('answers a second question that builds on the first', async () => {
      expect((await client.callTool('two_questions')).text()).toBe('(First?) then (After (First?)?)');
    });

    test('runs a prompt through the model of this side', async () => {
      const { content } = (await client.callTool('sample', { prompt: 'hi' })).json() as { content: { text: string } };
      expect(content.text).toBe('{"type":"text","text":"hi"} in 10');
    });

    test('tells its roots', async () => {
      expect((await client.callTool('roots')).json()).toEqual({ roots: [{ uri: 'file:///srv/data', name: 'data' }] });
    });

    test('answers many questions at a time, each to its own call', async () => {
      const prompts = Array.from({ length: 50 }, (_, index) => `prompt ${index}`);
      const results = await Promise.all(prompts.map((prompt) => client.callTool('sample', { prompt })));
      prompts.forEach((prompt, index) => expect(results[index]?.text()).toContain(`\\"text\\":\\"${prompt}\\"`));
    });

    test('without handlers, a question fails the call and nothing else', async () => {
      await using plain = subject.client();
      await expect(succeed(plain.callTool('sample', { prompt: 'hi' }))).rejects.toThrow();
      expect((await plain.callTool('echo', { text: 'still here' })).text()).toBe('still here');
    });

    test('a handler that throws fails the call and nothing else', async () => {
      await using failing = subject.client({
        handlers: { sampling: () => Promise.reject(new Error('the model is asleep')) },
      });
      await expect(succeed(failing.callTool('sample', { prompt: 'hi' }))).rejects.toThrow('the model is asleep');
      expect((await failing.callTool('echo', { text: 'still here' })).text()).toBe('still here');
    });
  },
);
