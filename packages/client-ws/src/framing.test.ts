import { setTimeout as sleep } from 'node:timers/promises';
import { isMcpError, McpClient, type Report } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { closeFrame, fragments, frame, opcodes, pieces } from '../test-support/frames.ts';
import { startRawServer, type RawConnection } from '../test-support/raw-web-socket-server.ts';
import { webSocketTransport } from './web-socket-transport.ts';

const maxMessageBytes = 200_000;

/** What the server does with the bytes of its answer to a call. */
type Torture = (connection: RawConnection, answer: string) => void | Promise<void>;

interface Outcome {
  text?: string;
  error?: unknown;
  reports: readonly Report[];
  notifications: readonly string[];
  connection: RawConnection;
}

/** Calls a tool of a server that answers so, and does not wait for longer than an error may take. */
async function outcomeOf(onCall: Torture): Promise<Outcome> {
  const reports: Report[] = [];
  const notifications: string[] = [];
  const server = await startRawServer({ onCall: (...given) => void onCall(...given) });
  const client = new McpClient(() => webSocketTransport(server.url, { maxMessageBytes }), {
    protocolVersion: '2025-11-25',
    attempts: 1,
    timeoutMs: 5000, // Far more than any row should need: whoever gets there has hung.
    onReport: (report) => reports.push(report),
    onNotification: (method) => notifications.push(method),
  });
  const settled = await client.callTool('any').then(
    (result) => ({ text: result.text() }),
    (error: unknown) => ({ error }),
  );
  await client.close();
  await server.close();
  const [connection] = server.connections;
  if (connection === undefined) throw new Error('nobody has connected');
  return { ...settled, reports, notifications, connection };
}

const notification = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/heard' });
const ping = frame({ opcode: opcodes.ping, payload: 'are you there?' });

/** The answer, padded to a payload of so many bytes. */
function padded(answer: string, bytes: number): string {
  return answer + ' '.repeat(bytes - Buffer.byteLength(answer));
}

const write =
  (bytesOf: (answer: string) => Uint8Array): Torture =>
  ({ socket }, answer) =>
    void socket.write(bytesOf(answer));

/** Writes each piece by itself, with a pause that lets it travel alone. */
const writeSlowly =
  (piecesOf: (answer: string) => readonly Uint8Array[]): Torture =>
  async ({ socket }, answer) => {
    for (const piece of piecesOf(answer)) {
      socket.write(piece);
      await sleep(0);
    }
  };

describe.concurrent('a message is understood', () => {
  const rows: readonly { how: string; torture: Torture }[] = [
    { how: 'in one frame', torture: write((answer) => frame({ payload: answer })) },
    { how: 'in two fragments', torture: write((answer) => fragments([answer.slice(0, 9), answer.slice(9)])) },
    { how: 'in fragments of one byte', torture: write((answer) => fragments(pieces(Buffer.from(answer), 1))) },
    {
      how: 'in fragments that cut a character',
      torture: write((answer) => {
        const cut = Buffer.from(answer).indexOf('👍') + 2;
        return fragments([Buffer.from(answer).subarray(0, cut), Buffer.from(answer).subarray(cut)]);
      }),
    },
    {
      how: 'between empty fragments',
      torture: write((answer) => fragments(['', answer.slice(0, 5), '', answer.slice(5), ''])),
    },
    {
      how: 'with a ping between its fragments',
      torture: write((answer) => fragments(pieces(Buffer.from(answer), 20), opcodes.text, ping)),
    },
    {
      how: 'with a pong that nobody asked for between its fragments',
      torture: write((answer) =>
        fragments(pieces(Buffer.from(answer), 20), opcodes.text, frame({ opcode: opcodes.pong, payload: 'here' })),
      ),
    },
    {
      how: 'after a ping of 125 bytes',
      torture: write((answer) =>
        Buffer.concat([frame({ opcode: opcodes.ping, payload: 'p'.repeat(125) }), frame({ payload: answer })]),
      ),
    },
    {
      how: 'after fifty pings at once',
      torture: write((answer) =>
        Buffer.concat([...Array.from({ length: 50 }, () => ping), frame({ payload: answer })]),
      ),
    },
    { how: 'byte by byte', torture: writeSlowly((answer) => pieces(frame({ payload: answer }), 1)) },
    {
      how: 'byte by byte, in fragments with pings between',
      torture: writeSlowly((answer) => pieces(fragments(pieces(Buffer.from(answer), 30), opcodes.text, ping), 1)),
    },
    {
      how: 'together with another in one write',
      torture: write((answer) => Buffer.concat([frame({ payload: notification }), frame({ payload: answer })])),
    },
    {
      how: 'with a length of 16 bits that needs 7',
      torture: write((answer) => frame({ payload: answer, lengthBits: 16 })),
    },
    {
      how: 'with a length of 64 bits that needs 7',
      torture: write((answer) => frame({ payload: answer, lengthBits: 64 })),
    },
    ...[125, 126, 127, 65_535, 65_536, maxMessageBytes].map((bytes) => ({
      how: `of ${bytes} bytes`,
      torture: write((answer) => frame({ payload: padded(answer, bytes) })),
    })),
    { how: 'in a binary frame', torture: write((answer) => frame({ opcode: opcodes.binary, payload: answer })) },
    {
      how: 'in fragments of a binary frame',
      torture: write((answer) => fragments(pieces(Buffer.from(answer), 7), opcodes.binary)),
    },
    { how: 'in a batch', torture: write((answer) => frame({ payload: `[${notification},${answer}]` })) },
    ...['', 'ready.', '{"jsonrpc":', '\uFEFF', '{}'.repeat(2)].map((text) => ({
      how: `after a frame that is no JSON: ${JSON.stringify(text)}`,
      torture: write((answer) => Buffer.concat([frame({ payload: text }), frame({ payload: answer })])),
    })),
    {
      how: 'after a binary frame that is no text',
      torture: write((answer) =>
        Buffer.concat([
          frame({ opcode: opcodes.binary, payload: Buffer.of(0xff, 0xfe, 0) }),
          frame({ payload: answer }),
        ]),
      ),
    },
    ...['null', '5', '"text"', '[]', '[null]', '{}', '{"jsonrpc":"2.0","id":99,"result":{}}'].map((json) => ({
      how: `after JSON that is no message of its: ${json}`,
      torture: write((answer) => Buffer.concat([frame({ payload: json }), frame({ payload: answer })])),
    })),
    {
      how: 'before a goodbye',
      torture: write((answer) => Buffer.concat([frame({ payload: answer }), closeFrame(1000, 'done')])),
    },
    {
      how: 'before the end of the stream',
      torture: ({ socket }, answer) => void socket.end(frame({ payload: answer })),
    },
    {
      how: 'before a frame that is wrong',
      torture: write((answer) => Buffer.concat([frame({ payload: answer }), frame({ opcode: 3 })])),
    },
  ];

  test.each(rows)('$how', async ({ torture }) => {
    expect(await outcomeOf(torture)).toMatchObject({ text: 'right ✓ 👍' });
  });

  test('and pings are answered with their own words while it arrives', async () => {
    const { connection } = await outcomeOf(
      writeSlowly((answer) => [ping, ...pieces(fragments(pieces(Buffer.from(answer), 30), opcodes.text, ping), 8)]),
    );
    const pongs = connection.frames.filter(({ opcode }) => opcode === opcodes.pong);
    expect(pongs.length).toBeGreaterThan(0);
    expect(new Set(pongs.map(({ payload }) => payload.toString()))).toEqual(new Set(['are you there?']));
  });

  test('and what is no JSON is reported, escaped', async () => {
    const { reports } = await outcomeOf(
      write((answer) => Buffer.concat([frame({ payload: 'ready \u001B[31m' }), frame({ payload: answer })])),
    );
    const odd = reports.find(({ message }) => message.includes('no JSON'));
    expect(odd).toMatchObject({ kind: 'transport-error', detail: { code: 'invalid-response' } });
    expect(odd?.message).toContain('ready \\u{1b}[31m');
  });
});

describe.concurrent('a call ends with an error that says why', () => {
  const broken = { code: 'delivery-unknown', delivered: 'unknown', retryable: true };
  const becauseOf = (cause: object): object => ({ ...broken, cause });
  const invalid = becauseOf({ code: 'invalid-response' });
  const closed = becauseOf({ code: 'connection-closed', retryable: true });
  const tooLarge = { code: 'message-too-large', retryable: false };
  const halfOf = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);

  const rows: readonly { what: string; torture: Torture; error: object }[] = [
    ...[
      { what: 'that is no UTF-8', bytes: [0xff] },
      { what: 'with an overlong character', bytes: [0xc0, 0xaf] },
      { what: 'with half a surrogate pair', bytes: [0xed, 0xa0, 0x80] },
      { what: 'beyond Unicode', bytes: [0xf4, 0x90, 0x80, 0x80] },
      { what: 'that ends within a character', bytes: [0xf0, 0x9f, 0x91] },
    ].flatMap(({ what, bytes }) => [
      { what: `text ${what}`, torture: write(() => frame({ payload: Buffer.from(bytes) })), error: invalid },
      {
        what: `fragments of text ${what}`,
        torture: write(() => fragments(['"', ...pieces(Buffer.from(bytes), 1)])),
        error: invalid,
      },
    ]),
    {
      what: 'a ping in fragments',
      torture: write(() => frame({ opcode: opcodes.ping, isFinal: false })),
      error: invalid,
    },
    ...[opcodes.close, opcodes.ping, opcodes.pong].map((opcode) => ({
      what: `a control frame (${opcode}) of 126 bytes`,
      torture: write(() => frame({ opcode, payload: 'x'.repeat(126) })),
      error: invalid,
    })),
    {
      what: 'a goodbye of one byte',
      torture: write(() => frame({ opcode: opcodes.close, payload: 'x' })),
      error: invalid,
    },
    {
      what: 'a goodbye that is no UTF-8',
      torture: write(() => closeFrame(1000, Buffer.of(0xff))),
      error: invalid,
    },
    ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map((code) => ({
      what: `a goodbye with the code ${code}, which nobody may send`,
      torture: write(() => closeFrame(code)),
      error: invalid,
    })),
    ...[4, 2, 1].map((reserved) => ({
      what: `a reserved bit (${reserved})`,
      torture: write((answer) => frame({ payload: answer, reserved })),
      error: invalid,
    })),
    ...[3, 7, 11, 15].map((opcode) => ({
      what: `a frame of the reserved kind ${opcode}`,
      torture: write((answer) => frame({ payload: answer, opcode })),
      error: invalid,
    })),
    { what: 'a masked frame', torture: write((answer) => frame({ payload: answer, isMasked: true })), error: invalid },
    {
      what: 'a fragment of nothing',
      torture: write((answer) => frame({ payload: answer, opcode: opcodes.continuation })),
      error: invalid,
    },
    {
      what: 'a message within another',
      torture: write((answer) => Buffer.concat([frame({ payload: '{', isFinal: false }), frame({ payload: answer })])),
      error: invalid,
    },
    {
      what: 'more fragments than anybody needs',
      torture: write(() => fragments(Array.from({ length: 20_000 }, () => '1'))),
      error: invalid,
    },
    {
      what: 'a message over the limit',
      torture: write(() => frame({ payload: '1'.repeat(maxMessageBytes + 1) })),
      error: tooLarge,
    },
    {
      what: 'fragments over the limit together',
      torture: write(() => fragments(Array.from({ length: 3 }, () => '1'.repeat(maxMessageBytes / 2)))),
      error: tooLarge,
    },
    ...[2n ** 31n, 2n ** 32n + 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].map((length) => ({
      what: `the promise of ${length} bytes`,
      torture: write(() => frame({ length, payload: '{' })),
      error: tooLarge,
    })),
    ...[
      { what: 'without a word', bytesOf: () => Buffer.alloc(0) },
      { what: 'after one byte of a frame', bytesOf: (answer: string) => frame({ payload: answer }).subarray(0, 1) },
      {
        what: 'within a length of 16 bits',
        bytesOf: (answer: string) => frame({ payload: answer, lengthBits: 16 }).subarray(0, 3),
      },
      {
        what: 'within a length of 64 bits',
        bytesOf: (answer: string) => frame({ payload: answer, lengthBits: 64 }).subarray(0, 9),
      },
      { what: 'within the payload', bytesOf: (answer: string) => halfOf(frame({ payload: answer })) },
      { what: 'between two fragments', bytesOf: () => frame({ payload: '{', isFinal: false }) },
      { what: 'within a ping', bytesOf: () => halfOf(ping) },
      { what: 'within a goodbye', bytesOf: () => closeFrame(1000, 'bye').subarray(0, 3) },
    ].flatMap(({ what, bytesOf }) => [
      {
        what: `the end of the stream ${what}`,
        torture: (({ socket }, answer) => void socket.end(bytesOf(answer))) satisfies Torture,
        error: closed,
      },
      {
        what: `a reset ${what}`,
        torture: (({ socket }, answer) =>
          void socket.write(bytesOf(answer), () => socket.resetAndDestroy())) satisfies Torture,
        error: closed,
      },
    ]),
    {
      what: 'a goodbye between two fragments',
      torture: write(() => Buffer.concat([frame({ payload: '{', isFinal: false }), closeFrame(1001)])),
      error: closed,
    },
    ...[1000, 1001, 1011, 1012, 1013, 1014, 3000, 4000, 4999].map((code) => ({
      what: `the close code ${code}`,
      torture: write(() => closeFrame(code, 'as it is')),
      error: becauseOf({
        code: 'connection-closed',
        retryable: true,
        message: expect.stringContaining(`(${code}: as it is)`),
      }),
    })),
    { what: 'a goodbye without a code', torture: write(() => frame({ opcode: opcodes.close })), error: closed },
    ...[1002, 1003, 1007, 1010].map((code) => ({
      what: `the close code ${code}, which is about what we do`,
      torture: write(() => closeFrame(code)),
      error: { code: 'connection-closed', retryable: false, delivered: 'unknown' },
    })),
    ...[1008, 4401, 4403].map((code) => ({
      what: `the close code ${code}, which is about who we are`,
      torture: write(() => closeFrame(code, 'no token')),
      error: { code: 'unauthorized', retryable: false, message: expect.stringContaining('no token') },
    })),
    {
      what: 'the close code 1009, which is about the size of a message',
      torture: write(() => closeFrame(1009)),
      error: { ...tooLarge, name: 'MessageTooLargeError' },
    },
    {
      what: 'a goodbye, and a stream that stays open',
      torture: ({ socket }) => {
        socket.removeAllListeners('data').pause();
        socket.write(closeFrame(1001));
      },
      error: closed,
    },
    {
      what: 'a reason that drives terminals',
      torture: write(() => closeFrame(1011, '\u001B]0;owned\u0007')),
      error: becauseOf({ message: expect.stringContaining('\\u{1b}]0;owned\\u{7}') }),
    },
  ];

  test.each(rows)('$what', async ({ torture, error: expected }) => {
    const { error, text } = await outcomeOf(torture);
    expect(text).toBeUndefined();
    expect(isMcpError(error)).toBe(true);
    expect(error).toMatchObject(expected);
  });
});
