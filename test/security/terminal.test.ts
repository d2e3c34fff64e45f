import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderWith, runCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';

/** What moves a cursor, talks to a terminal, reorders or hides text. */
const attacks = {
  'a link (OSC 8)': '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  'the clipboard (OSC 52)': '\u001b]52;c;cm0gLXJmIC8=\u0007',
  'a title (OSC 0)': '\u001b]0;pwned\u001b\\',
  'a cleared screen (CSI)': '\u001b[2J\u001b[H',
  'a colour (C1 CSI)': '\u009b31m',
  'a device control (C1 DCS)': '\u0090q\u009c',
  'a question to the terminal': '\u001b[6n\u001b[c\u0005',
  'a rewritten line': 'safe\rEVIL\b\b\b\u007f',
  'a bell and a vertical tab': '\u0007\u000b\u000c\u000e\u0000',
  'reversed text (U+202E)': 'a\u202etxt.exe\u202c\u2066\u2069',
  'tags (U+E0000)': '\u{e0001}\u{e0041}\u{e007f}',
  'nothing to be seen': 'a\u200b\u200d\u2060\ufeff\u00adb',
  'line separators': 'a\u2028b\u2029c\u0085d',
};
const all = Object.values(attacks).join(' ');

const dangerous = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const info = { name: all, version: all, title: all };
const schema = {
  type: 'object',
  properties: { [all]: { type: 'string', description: all, enum: [all] } },
  description: all,
};
const block = { type: 'text', text: all };
const answers: Record<string, Answer> = {
  initialize: ({ result }) =>
    result({
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, resources: {}, prompts: {}, logging: {} },
      serverInfo: info,
      instructions: all,
    }),
  'tools/list': ({ result }) =>
    result({
      tools: [
        { name: all, title: all, description: all, inputSchema: schema, annotations: { title: all } },
        { name: 'run', description: all, inputSchema: { type: 'object' } },
      ],
    }),
  'tools/call': ({ result }) =>
    result({
      content: [
        block,
        { type: 'resource_link', uri: all, name: all },
        { type: all, x: all },
        { type: 'image', data: 'AAAA', mimeType: all },
      ],
      structuredContent: { [all]: all },
    }),
  'resources/list': ({ result }) => result({ resources: [{ uri: all, name: all, description: all, mimeType: all }] }),
  'resources/templates/list': ({ result }) =>
    result({ resourceTemplates: [{ uriTemplate: all, name: all, description: all }] }),
  'resources/read': ({ result }) => result({ contents: [{ uri: all, mimeType: all, text: all }] }),
  'prompts/list': ({ result }) =>
    result({
      prompts: [
        { name: all, description: all, arguments: [{ name: all, description: all }] },
        { name: 'ask', description: all },
      ],
    }),
  'prompts/get': ({ result }) => result({ description: all, messages: [{ role: 'user', content: block }] }),
  ping: ({ result }) => result({}),
  'logging/setLevel': ({ json, message }) =>
    json({ jsonrpc: '2.0', id: message.id, error: { code: -1, message: all, data: all } }),
};

let server: RawHttpServer;

beforeAll(async () => {
  server = await startRawHttpServer(answers);
});
afterAll(() => server.close());

const forms = [[], ['--json'], ['-o', 'jsonl'], ['-o', 'yaml'], ['-o', 'md']];
const commands = [
  ['tools', 'list'],
  ['tools', 'show', 'run'],
  ['tools', 'call', 'run'],
  ['tools', 'call', 'run', '--help'],
  ['tools', 'call', 'no-such-tool'],
  ['resources', 'list'],
  ['resources', 'templates'],
  ['resources', 'read', 'x:y'],
  ['prompts', 'list'],
  ['prompts', 'get', 'ask'],
  ['ping'],
  ['doctor'],
  ['rpc', 'logging/setLevel'],
];

describe('row 9', () => {
  test.each(commands)(
    'row 9: mcp %s %s %s shows what a server says, and does nothing that it says',
    async (...words) => {
      const [noun = '', verb, ...rest] = words.filter((word) => word !== undefined);
      const isWhole = ['ping', 'doctor', 'rpc'].includes(noun);
      for (const form of forms) {
        const before = isWhole ? [noun, '-s', server.url, ...form] : [noun, verb ?? '', '-s', server.url, ...form];
        const after = isWhole && verb !== undefined ? [verb, ...rest] : rest;
        const { stdout, stderr } = await runCli([...before, ...after]);
        expect(stdout + stderr).not.toBe('');
        expect([form, stdout.match(dangerous)?.[0], stderr.match(dangerous)?.[0]]).toEqual([
          form,
          undefined,
          undefined,
        ]);
      }
    },
  );

  test.each(Object.entries(attacks))('row 9: JSON with %s says the same to a program', async (_name, attack) => {
    await using own = await startRawHttpServer({
      ...answers,
      'tools/call': ({ result }) => result({ content: [{ type: 'text', text: attack }] }),
    });
    const { stdout } = await runCli(['tools', 'call', 'run', '-s', own.url, '--json']);
    expect(stdout).not.toMatch(dangerous);
    expect(JSON.parse(stdout)).toMatchObject({ content: [{ type: 'text', text: attack }] });
  });

  test.each<[string, Answer]>([
    [
      'an error',
      ({ json, message }) => json({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: all, data: all } }),
    ],
    ['a failure of HTTP', ({ response }) => void response.writeHead(500).end(all)],
    ['a refusal', ({ response }) => void response.writeHead(401).end(all)],
    ['a web page', ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(all)],
    ['no JSON', ({ response }) => void response.writeHead(200, { 'content-type': 'application/json' }).end(all)],
    ['a tool that fails', ({ result }) => result({ isError: true, content: [block] })],
  ])('row 9: the same holds for %s, at the call and at the handshake', async (_what, answer) => {
    for (const handshake of [answers['initialize'], answer]) {
      await using own = await startRawHttpServer({
        ...answers,
        'tools/call': answer,
        ...(handshake && { initialize: handshake }),
      });
      for (const form of [[], ['-v'], ['--json']]) {
        const { stdout, stderr } = await runCli(['tools', 'call', '-s', own.url, ...form, 'run']);
        expect(stdout + stderr).not.toMatch(dangerous);
      }
    }
  });

  test('row 9: the same holds for stderr of a server, and for a name in a configuration', async () => {
    const args = ['-e', `console.error(${JSON.stringify(all)}); process.exit(1)`];
    const cwd = folderWith({ 'mcp.json': { mcpServers: { [`x${all}`]: { command: process.execPath, args } } } });
    for (const argv of [['tools', 'list', '-v'], ['tools', 'list', '--json'], ['servers', 'list'], ['doctor']]) {
      const { stdout, stderr } = await runCli(argv, { cwd });
      expect(stdout + stderr).not.toMatch(dangerous);
    }
  });

  test.each(['xterm-kitty', 'iTerm.app'])(
    'row 9: an image is drawn (%s) in a way that it cannot leave',
    async (terminal) => {
      const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex');
      const data = Buffer.concat([png, Buffer.from(all)]).toString('base64');
      await using own = await startRawHttpServer({
        ...answers,
        'tools/call': ({ result }) => result({ content: [{ type: 'image', data, mimeType: `image/png;${all}` }] }),
      });
      let shown = '';
      const stdout = {
        isTTY: true,
        columns: 80,
        write: (text: string | Uint8Array, done: () => void) => ((shown += String(text)), done()),
      };
      const env = { TERM: terminal, TERM_PROGRAM: terminal };
      await runCli(['tools', 'call', '-s', own.url, 'run'], { stdout, env });
      const drawing = /\p{Cc}(?:_G[^;\p{Cc}]*;[\w+/=]*\p{Cc}\\|\]1337;File=[^:\p{Cc}]*:[\w+/=]*\p{Cc})/gu;
      expect(shown.match(drawing)?.length).toBeGreaterThan(0);
      expect(shown.replaceAll(drawing, '')).not.toMatch(dangerous);
    },
  );

  test('row 9: raw output is for files and pipes; a terminal gets what is safe', async () => {
    const argv = ['tools', 'call', '-s', server.url, '-r', 'run'];
    const piped = await runCli(argv);
    expect(piped.stdout).toContain('\u001b]52');
    let shown = '';
    const terminal = {
      isTTY: true,
      columns: 80,
      write: (text: string | Uint8Array, done: () => void) => ((shown += String(text)), done()),
    };
    await runCli(argv, { stdout: terminal });
    expect(shown).toContain('52;c;');
    expect(shown).not.toMatch(dangerous);
  });
});
