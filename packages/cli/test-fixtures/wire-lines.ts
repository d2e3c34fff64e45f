import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../src/io.ts';
import { startCli, type Outcome } from './run-cli.ts';

/** What a host writes to a server, a message a line. */
export function wireLines(...messages: readonly object[]): string {
  return messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
}

/** The first words of a host of the earlier era. */
export const greeting: readonly object[] = [
  {
    id: 'hello',
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'host', version: '1' } },
  },
  { method: 'notifications/initialized' },
];

/** A call of a tool, as a message. */
export function callMessage(id: number, name: string, args: object = {}): object {
  return { id, method: 'tools/call', params: { name, arguments: args } };
}

/** The messages among `text`, a line each, by their ids. */
export function answersIn(text: string): ReadonlyMap<unknown, Readonly<Record<string, unknown>>> {
  const messages = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>); // The wire has nothing else.
  return new Map(messages.map((message) => [message['id'], message]));
}

/** Runs a command as a host does that says `messages`, and leaves once each request among them is answered. */
export function runWithHost(
  argv: readonly string[],
  messages: readonly { readonly id?: unknown }[],
  io: Partial<Io> = {},
): Promise<Outcome> {
  const ids = messages.flatMap(({ id }) => id ?? []);
  async function* stdin(): AsyncGenerator<string> {
    yield wireLines(...messages);
    const isAnswered = (): boolean => ids.every((id) => answersIn(running.stdout()).has(id));
    for (let left = 400; left > 0 && !isAnswered(); left--) await sleep(25);
  }
  const running = startCli(argv, { ...io, stdin: stdin() });
  return running.done;
}
