import { McpClient, type ClientOptions } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';

const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 3000 };

describe.concurrent('secrets', () => {
  const secret = 'hunter2';

  async function messagesOf(answer: Answer): Promise<string> {
    await using server = await startRawHttpServer({ initialize: answer });
    const url = new URL(server.url);
    url.username = 'user';
    url.password = secret;
    url.search = `?token=${secret}`;
    await using client = new McpClient(url, {
      ...legacy,
      apiKey: secret,
      headers: { authorization: `Bearer ${secret}` },
    });
    const error: unknown = await client.connect().catch((failure: unknown) => failure);
    return `${String(error)} ${JSON.stringify(error)}`;
  }

  test.each<{ name: string; answer: Answer }>([
    { name: '401', answer: ({ json }) => json({ error: 'no' }, 401) },
    { name: '403', answer: ({ json }) => json({ error: 'no' }, 403) },
    { name: '500', answer: ({ json }) => json({ error: 'no' }, 500) },
    { name: 'a web page', answer: ({ json }) => json('<p>', 200, { 'content-type': 'text/html' }) },
    { name: 'broken JSON', answer: ({ json }) => json('{') },
    { name: 'a cut', answer: ({ request }) => void request.socket.destroy() },
    {
      name: 'a redirect',
      answer: ({ response }) => void response.writeHead(307, { location: 'http://127.0.0.2:1/' }).end(),
    },
    { name: '429', answer: ({ json }) => json({}, 429) },
  ])('stay out of the error for $name', async ({ answer }) => {
    expect(await messagesOf(answer)).not.toContain(secret);
  });

  test('with a character that no header can have fail by name, not by value', async () => {
    const client = new McpClient('http://127.0.0.1:1/mcp', { ...legacy, apiKey: `${secret}\n` });
    const error: unknown = await client.connect().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ delivered: 'no', retryable: false, message: expect.stringMatching(/x-api-key/i) });
    expect(String(error)).not.toContain(secret);
    await client.close();
  });

  test('do not follow a redirect to another origin, and arrive at one of the same', async () => {
    await using stranger = await startRawHttpServer({});
    await using server = await startRawHttpServer({
      initialize: ({ request, response, result }) => {
        if (request.url === '/mcp') response.writeHead(307, { location: '/moved/' }).end();
        else result({ protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'moved', version: '1' } });
      },
      'tools/call': ({ response }) => void response.writeHead(308, { location: stranger.url }).end(),
    });
    await using client = new McpClient(server.url, { ...legacy, apiKey: secret });
    expect(await client.connect()).toMatchObject({ name: 'moved' });
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'http-error', status: 308 });
    expect(stranger.requests).toEqual([]);
  });
});
