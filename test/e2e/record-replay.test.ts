import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { connect, stdioTransport, type StdioServerConfig } from '@toolwire/client-core';
import { parseRecording, replayTransport } from '@toolwire/testing';
import { expect, test } from 'vitest';
import {
  referenceServer,
  startEverythingServer,
  startHttpServer,
  stdioServer,
  temporaryDirectory,
} from '../servers/launch.ts';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const capabilities = { elicitation: { form: {} } };

/** `mcp` as a command that a host starts; from the sources. */
function mcp(...argv: string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: ['--conditions=@toolwire/source', main, ...argv] };
}

/** The words after `--` that start a server. */
function words({ command, args = [] }: StdioServerConfig): string[] {
  return ['--', command, ...args];
}

async function officialHost(server: { command: string; args: string[] }, mode: 'legacy' | 'auto'): Promise<Client> {
  const host = new Client({ name: 'official', version: '1' }, { capabilities, versionNegotiation: { mode } });
  host.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada', proceed: true } }));
  await host.connect(new StdioClientTransport({ ...server, stderr: 'ignore' }));
  return host;
}

type Talk = (host: Client) => Promise<unknown>;

const talkWithOurs: Talk = async (host) => {
  const { tools } = await host.listTools();
  const counted = await host.callTool({ name: 'slow', arguments: { label: 'it', steps: 3, stepMs: 20 } });
  const confirmed = await host.callTool({ name: 'confirm', arguments: {} });
  const refused = await host.callTool({ name: 'missing', arguments: {} }).catch(String);
  const { resources } = await host.listResources();
  const contents = (...results: { content: unknown }[]): unknown[] => results.map(({ content }) => content);
  return [tools, contents(counted, confirmed), refused, resources];
};

const talkWithEverything: Talk = async (host) => {
  const { tools } = await host.listTools();
  const echo = await host.callTool({ name: 'echo', arguments: { message: 'hi' } });
  const sum = await host.callTool({ name: 'get-sum', arguments: { a: 2, b: 3 } });
  const { prompts } = await host.listPrompts();
  return [tools, echo.content, sum.content, prompts];
};

test.each<[name: string, server: StdioServerConfig, mode: 'legacy' | 'auto', era: string, talk: Talk]>([
  ['a server of the earlier era', stdioServer('v1-server'), 'legacy', 'legacy', talkWithOurs],
  ['a server of the earlier era, in the later', stdioServer('v1-server'), 'auto', 'modern', talkWithOurs],
  ['a server of the later era', stdioServer('v2-server'), 'auto', 'modern', talkWithOurs],
  ['server-everything', referenceServer('everything'), 'legacy', 'legacy', talkWithEverything],
])('the official client gets from a replay what it got from %s', async (_name, server, mode, era, talk) => {
  await using folder = await temporaryDirectory();
  const file = join(folder.path, 'session.jsonl');
  // It starts a server once to probe it, and then again.
  const recorded = await officialHost(mcp('record', file, '--append', ...words(server)), mode);
  const said = await talk(recorded);
  await recorded.close();
  const replayed = await officialHost(mcp('replay', file), mode);
  expect(await talk(replayed)).toEqual(said);
  expect(replayed.getProtocolEra()).toBe(era);
  await replayed.close();
});

test.each([
  ['server-everything', startEverythingServer, talkWithEverything],
  ['a server with sessions', () => startHttpServer('v1-server'), talkWithOurs],
] as const)('%s at a URL is recorded, and replayed over HTTP', async (_name, start, talk) => {
  await using folder = await temporaryDirectory();
  const file = join(folder.path, 'session.jsonl');
  await using server = await start();
  const recorded = await officialHost(mcp('record', file, '-s', server.url), 'legacy');
  const said = await talk(recorded);
  await recorded.close();

  let printed = '';
  const listening = stdioTransport({
    ...mcp('replay', file, '--listen', 'http://127.0.0.1:0', '--no-token'),
    onStderr: (text) => (printed += text),
  });
  await listening.start();
  try {
    const url = await eventually(() => {
      const [found] = /http:\S+\/mcp/.exec(printed) ?? [];
      if (found === undefined) throw new Error(`It does not listen yet: ${printed}`);
      return found;
    });
    const host = new Client({ name: 'official', version: '1' }, { capabilities });
    host.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada', proceed: true } }));
    await host.connect(new StreamableHTTPClientTransport(new URL(url)));
    expect(await talk(host)).toEqual(said);
    await host.close();
  } finally {
    await listening.close();
  }
});

test('what mcp record has written is a recording for tests', async () => {
  await using folder = await temporaryDirectory();
  const file = join(folder.path, 'session.jsonl');
  const { command, args } = mcp('record', file, ...words(stdioServer('v2-server')));
  const recorded = await connect({ command, args });
  const answer = await recorded.callTool('add', { a: 1, b: 2 });
  await recorded.close();
  await using client = await connect(replayTransport(parseRecording(readFileSync(file, 'utf8'))));
  expect((await client.callTool('add', { a: 1, b: 2 })).raw).toEqual(answer.raw);
  await expect(client.callTool('add', { a: 1, b: 3 })).rejects.toThrow(/was not recorded/);
});
