import { expect, test } from 'vitest';
import { toolEventBody, type ToolEvent } from './tool-event.ts';

const envelope = { format: 'tool-event', eventId: 'evt_1', timestamp: '2026-11-21T12:00:00.000Z' } as const;
const event: ToolEvent = { event: 'tool_executed', tool: 'add', params: { a: 1 }, result: { content: [] } };
const seed = { ...event, timestamp: envelope.timestamp, eventId: 'evt_1' };

test('an event is flat, and has no type that would make a control message of it', () => {
  expect(JSON.parse(toolEventBody(event, envelope, 1_000))).toEqual(seed);
});

test('an event of the MCP events extension has its data in one place', () => {
  expect(JSON.parse(toolEventBody(event, { ...envelope, format: 'mcp-event' }, 1_000))).toEqual({
    eventId: 'evt_1',
    name: 'tool_executed',
    timestamp: envelope.timestamp,
    data: { tool: 'add', params: { a: 1 }, result: { content: [] } },
  });
});

test('a result that is too large is named by its size', () => {
  const text = 'ä🌍'.repeat(1_000);
  const body = toolEventBody({ ...event, result: text }, envelope, 1_000);
  const bytes = Buffer.byteLength(JSON.stringify(text));
  expect(JSON.parse(body)).toEqual({ ...seed, result: { truncated: true, bytes } });
});

test('params too, when the result alone is not enough', () => {
  const params = { text: 'x'.repeat(2_000) };
  const body = JSON.parse(toolEventBody({ ...event, params }, envelope, 1_000)) as unknown;
  expect(body).toEqual({ ...seed, params: { truncated: true, bytes: 2_011 }, result: { truncated: true, bytes: 14 } });
});

test('what fits to the byte stays', () => {
  const whole = toolEventBody(event, envelope, 1_000);
  expect(toolEventBody(event, envelope, whole.length)).toBe(whole);
  expect(toolEventBody(event, envelope, whole.length - 1)).not.toBe(whole);
});
