import { type Report, ServerExitedError } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { faultServer, legacyClient, pidFrom, rejectionOf, within } from './fault-server.ts';

describe.concurrent('a server over stdio', () => {
  test('row 6: whose stdout is noisy is understood, and the noise is reported', async () => {
    const reports: Report[] = [];
    const heard: unknown[] = [];
    await using client = legacyClient(faultServer(), {
      onReport: (report) => reports.push(report),
      onLog: ({ data }) => heard.push(data),
    });
    expect((await client.callTool('noisy')).text()).toBe('recovered');
    expect(heard).toEqual(['heard']);
    const ignored = reports.filter(({ kind }) => kind === 'ignored-output').map(({ detail }) => String(detail));
    for (const noise of ['Server v1.2.3 is ready', 'JSON, but no message', '[1, 2]', 'without an end']) {
      expect(ignored.some((line) => line.includes(noise))).toBe(true);
    }
    expect((await client.callTool('echo', { text: 'still here' })).text()).toBe('still here');
  });

  test.each([1, 2, 7])('row 7: that writes slices of up to %i bytes is understood', async (largest) => {
    await using client = legacyClient(faultServer());
    const text = 'ünïcödé — 漢字 — 👩‍👩‍👧 — '.repeat(4);
    expect((await client.callTool('sliced', { text, largest })).text()).toBe(text);
  });

  test('row 8: answers with 10 MiB', async () => {
    await using client = legacyClient(faultServer());
    const size = 10 * 1024 * 1024;
    const answer = await within(500, client.callTool('big', { size }));
    expect(answer.text() === 'x'.repeat(size)).toBe(true);
  });

  test('row 8: answers with more than the cap: that call fails, another under way and the connection do not', async () => {
    await using client = legacyClient(faultServer(), { maxMessageBytes: 100_000 });
    const pid = await pidFrom(client, 'pid');
    const tooLarge = rejectionOf(client.callTool('big', { size: 200_000 }));
    const bystander = client.callTool('echo', { text: 'fits' });
    expect(await tooLarge).toMatchObject({ code: 'message-too-large', delivered: 'yes' });
    expect((await bystander).text()).toBe('fits');
    expect(await pidFrom(client, 'pid')).toBe(pid);
  });

  test('row 9: stops reading: what is too much is refused, and all that waits rejects when the server dies', async () => {
    await using client = legacyClient(faultServer(), { attempts: 1 });
    const pid = await pidFrom(client, 'stop_reading');
    const text = 'x'.repeat(100_000);
    const calls = Array.from({ length: 200 }, () => rejectionOf(client.callTool('echo', { text })));
    const refused = rejectionOf(client.callTool('echo', { text }));
    expect(await refused).toMatchObject({ code: 'queue-full', delivered: 'no', retryable: true });
    process.kill(pid, 'SIGKILL');
    const errors = (await within(100, Promise.all(calls))) as { code: string; delivered: string }[];
    const exited = errors.filter(({ code }) => code === 'server-exited');
    expect(errors.filter(({ code }) => code === 'queue-full').length + exited.length).toBe(200);
    expect(exited[0]?.delivered).toBe('unknown');
    expect(exited.at(-1)?.delivered).toBe('no'); // It never left the queue: any call may be sent again.
    expect((await client.callTool('echo', { text: 'again' })).text()).toBe('again');
  });

  test('row 10: writes 2 MiB on stderr in a call: it is answered, and the end of it is kept', async () => {
    let heard = 0;
    await using client = legacyClient(faultServer(), { onStderr: (text) => (heard += text.length) });
    const bytes = 2 * 1024 * 1024;
    expect((await client.callTool('complain', { bytes })).text()).toBe('said');
    await eventually(() => expect(heard).toBe(bytes));
    const error = await rejectionOf(client.callTool('last_words', { text: 'the end', exitCode: 9 }));
    expect(error).toMatchObject({ code: 'server-exited', exitCode: 9 });
    expect((error as ServerExitedError).stderrTail).toBe(`${'!'.repeat(4096 - 'the end'.length)}the end`);
  });
});
