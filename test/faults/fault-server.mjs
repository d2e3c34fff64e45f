// A stdio server each tool of which is a fault. Its first argument may be a fault of the whole process.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';

const [mode, logFile] = process.argv.slice(2);
const lines = createInterface(process.stdin);

const encode = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const send = (message) => process.stdout.write(encode(message));
const textResult = (text) => ({ content: [{ type: 'text', text: String(text) }] });
const answerTo = (id, text) => ({ id, result: textResult(text) });

const tools = {
  echo: ({ id, args }) => send(answerTo(id, args.text)),
  pid: ({ id }) => send(answerTo(id, process.pid)),
  wait: () => {},
  last_words({ args }) {
    process.stderr.write(args.text, () => process.exit(args.exitCode));
  },
  start_descendant({ id }) {
    const child = spawn('sleep', ['60'], { stdio: ['ignore', 'inherit', 'inherit'] });
    send(answerTo(id, child.pid));
  },
  close_stdout: () => closeSync(1),
  noisy({ id }) {
    const written = [
      '\u{FEFF}',
      'Server v1.2.3 is ready\r\n',
      '\n',
      '{"level":"info","text":"JSON, but no message"}\n',
      '[1, 2]\n',
      '{"jsonrpc":"2.0","id":\n',
      encode({ method: 'notifications/message', params: { level: 'info', data: 'heard' } }).replace('\n', '\r\n'),
      'a log line without an end: ',
      encode(answerTo(id, 'recovered')),
    ];
    process.stdout.write(written.join(''));
  },
  async sliced({ id, args }) {
    const bytes = Buffer.from(encode(answerTo(id, args.text)));
    let start = 0;
    for (let count = 0; start < bytes.length; count += 1) {
      const end = start + 1 + (count % args.largest);
      process.stdout.write(bytes.subarray(start, end));
      start = end;
      await nextTurn();
    }
  },
  big: ({ id, args }) => send(answerTo(id, 'x'.repeat(args.size))),
  endless_line({ id }) {
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
    const piece = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 200; count += 1) process.stdout.write(piece); // In one turn: no answer in between.
    process.stdout.write('"}]}}\n');
  },
  stop_reading({ id }) {
    lines.pause();
    setInterval(() => {}, 1000);
    send(answerTo(id, process.pid));
  },
  complain({ id, args }) {
    for (let written = 0; written < args.bytes; written += 1024) process.stderr.write('!'.repeat(1024));
    send(answerTo(id, 'said'));
  },
  stray_answers({ id }) {
    send(answerTo(id + 1000, 'nobody asked'));
    send(answerTo('another', 'nobody asked'));
    send({ id: null, result: textResult('nobody asked') });
    send(answerTo(id, 'the answer'));
    send(answerTo(id, 'the answer, twice'));
  },
  answer_late({ id }) {
    onCancelled = () => {
      send(answerTo(id, 'too late'));
      send({ method: 'notifications/message', params: { level: 'info', data: 'answered late' } });
    };
  },
  notify({ id, args }) {
    for (let number = 1; number <= args.count; number += 1) {
      send({ method: 'notifications/resources/updated', params: { uri: `count://${number}` } });
    }
    send(answerTo(id, 'notified'));
  },
};

let onCancelled = () => {};

const methods = {
  initialize: ({ id, params }) =>
    send({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {}, resources: { subscribe: true } },
        serverInfo: { name: 'fault-server', version: '1.0.0' },
      },
    }),
  'tools/call': ({ id, params }) => tools[params.name]({ id, args: params.arguments }),
  'notifications/cancelled': () => onCancelled(),
};

const modes = {
  dies() {
    process.stderr.write(`${'!'.repeat(8192)}\nconfig missing: TOKEN\n`, () => process.exit(3));
    lines.pause();
  },
  silent() {
    process.stderr.write(String(process.pid));
    lines.removeAllListeners('line');
  },
  noted: () => appendFileSync(logFile, 'started\n'),
  stubborn() {
    lines.on('close', () => appendFileSync(logFile, 'stdin ended\n'));
    process.on('SIGTERM', () => appendFileSync(logFile, 'SIGTERM\n'));
    setInterval(() => {}, 1000);
  },
};

lines.on('line', (line) => {
  const message = JSON.parse(line);
  const handle = methods[message.method] ?? (({ id }) => id !== undefined && send({ id, result: {} }));
  handle(message);
});
modes[mode]?.();
