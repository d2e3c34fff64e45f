import { fieldOf } from './payload.ts';

/**
 * The events of tool calls read the same in both forms that they are written in: flat, or as MCP's events extension
 * (SEP-3415) has them, `{ name, data, timestamp, eventId }`. Other events stay as they are.
 */
export function flatEvent(event: unknown): unknown {
  const name = fieldOf(event, 'name');
  const isToolCall = name === 'tool_executed' || name === 'tool_failed';
  if (!isToolCall || fieldOf(event, 'event') !== undefined) return event;
  const { data, timestamp, eventId } = event as Record<string, unknown>; // It has a field, so it is an object.
  return { event: name, ...(data as object | undefined), timestamp, eventId };
}
