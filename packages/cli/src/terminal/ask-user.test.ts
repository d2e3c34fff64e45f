import { expect, test } from 'vitest';
import type { ElicitRequestParams } from '@toolwire/client-core';
import type { Io, Output } from '../io.ts';
import { Activity } from './activity.ts';
import { Questions } from './questions.ts';

/** A terminal on which somebody types these lines. */
function typed(...lines: readonly string[]): Io & { text(): string } {
  let text = '';
  const output: Output = {
    isTTY: true,
    write(content, done) {
      text += String(content);
      done();
    },
  };
  async function* stdin(): AsyncGenerator<string> {
    for (const line of lines) yield `${line}\n`;
    await new Promise(() => undefined);
  }
  const keyboard = Object.assign(stdin(), { isTTY: true });
  return { stdout: output, stderr: output, stdin: keyboard, env: { TERM: 'dumb' }, cwd: '/', text: () => text };
}

function form(properties: object, required: string[] = []): ElicitRequestParams {
  return { message: 'Tell me', requestedSchema: { type: 'object', properties, required } } as ElicitRequestParams; // As servers send it.
}

function questionsOf(io: Io): (params: ElicitRequestParams, signal?: AbortSignal) => Promise<unknown> {
  const questions = new Questions(io, new Activity(io));
  return (params, signal = new AbortController().signal) => questions.ask('shop', true, params, { signal });
}

test('every kind of field is read as its schema says', async () => {
  const io = typed('y', 'Ada', '36', '', 'no', 'red', 'a, b', '#00f');
  const properties = {
    name: { type: 'string' },
    age: { type: 'integer', minimum: 0 },
    size: { type: 'number', default: 1.5 },
    ok: { type: 'boolean' },
    colour: { enum: ['red', 'blue'] },
    tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    shade: { type: 'string', oneOf: [{ const: '#00f', title: 'Blue' }] },
  };
  expect(await questionsOf(io)(form(properties))).toEqual({
    action: 'accept',
    content: { name: 'Ada', age: 36, size: 1.5, ok: false, colour: 'red', tags: ['a', 'b'], shade: '#00f' },
  });
  expect(io.text()).toContain('colour (red|blue) [none]: ');
  expect(io.text()).toContain('#00f = Blue');
});

test('an answer that does not fit is asked for again; what is required cannot be left out', async () => {
  const io = typed('yes', 'old', '-1', '', '5', '');
  const properties = { age: { type: 'integer', minimum: 0 }, note: { type: 'string' } };
  expect(await questionsOf(io)(form(properties, ['age']))).toEqual({ action: 'accept', content: { age: 5 } });
  expect(io.text().match(/age \(integer\): /g)).toHaveLength(4);
});

test('a question that is taken back takes no line from the next one', async () => {
  const io = typed('y');
  const ask = questionsOf(io);
  const controller = new AbortController();
  controller.abort();
  expect(await ask(form({}), controller.signal)).toEqual({ action: 'cancel' });
  expect(await ask(form({}))).toEqual({ action: 'accept', content: {} });
});

test('questions are asked one after the other, and cannot forge anything on the terminal', async () => {
  const io = typed('n', 'y');
  const ask = questionsOf(io);
  const url = {
    mode: 'url',
    message: 'Sign \u001b[2Jin',
    url: 'https://example.com/\u202ex',
    elicitationId: '1',
  } as const;
  expect(await Promise.all([ask(form({})), ask(url)])).toEqual([{ action: 'decline' }, { action: 'accept' }]);
  expect(io.text()).toContain('shop asks: Sign \\x1b[2Jin');
  expect(io.text()).toContain('https://example.com/\\u{202e}x');
});
