import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type McpClient, type ConnectionStatus, ServerExitedError } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { temporaryDirectory } from '../servers/launch.ts';
import { faultServer, isRunning, legacyClient, pidFrom, rejectionOf, within, withSlack } from './fault-server.ts';
import { startHost } from './host.ts';

async function collect(client: McpClient, into: ConnectionStatus['type'][]): Promise<void> {
  for await (const { type } of client.status()) into.push(type);
}

describe.concurrent('a server process', () => {
  test('row 1: killed during calls, each rejects with how it ended, and the next call starts another', async () => {
    const client = legacyClient(faultServer());
    const statuses: ConnectionStatus['type'][] = [];
    const collected = collect(client, statuses);
    const pid = await pidFrom(client, 'pid');
    const calls = [rejectionOf(client.callTool('wait')), rejectionOf(client.callTool('wait'))];
    await client.callTool('complain', { bytes: 1024 });
    process.kill(pid, 'SIGKILL');
    for (const error of await within(100, Promise.all(calls))) {
      expect(error).toBeInstanceOf(ServerExitedError);
      expect(error).toMatchObject({ exitCode: null, signal: 'SIGKILL', delivered: 'unknown' });
      expect((error as ServerExitedError).stderrTail).toBe('!'.repeat(1024));
    }
    expect(await pidFrom(client, 'pid')).not.toBe(pid);
    await client.close();
    await collected;
    expect(statuses).toEqual(['connecting', 'connected', 'reconnecting', 'connected', 'resync', 'closed']);
  });

  test('row 1: killed during reads, answers them from another process', async () => {
    await using client = legacyClient(faultServer());
    const pid = await pidFrom(client, 'pid');
    process.kill(pid, 'SIGSTOP'); // The requests reach it, and it does not get to them.
    const reads = [client.ping(), client.callTool('pid', {}, { idempotent: true })] as const;
    await sleep(50);
    process.kill(pid, 'SIGKILL');
    const [, answer] = await within(1000, Promise.all(reads));
    expect(Number(answer.text())).not.toBe(pid);
  });

  test('row 2: exits at its start, and the error has its exit code and the last 4 KiB of its stderr', async () => {
    let lastWordsAt = 0;
    await using client = legacyClient(faultServer('dies'), { onStderr: () => (lastWordsAt = performance.now()) });
    const error = await rejectionOf(client.connect());
    expect(performance.now() - lastWordsAt).toBeLessThan(withSlack(200));
    expect(error).toBeInstanceOf(ServerExitedError);
    expect(error).toMatchObject({ exitCode: 3, signal: null, delivered: 'no' });
    const { stderrTail } = error as ServerExitedError;
    expect(stderrTail).toHaveLength(4096);
    expect(stderrTail.endsWith('!!!\nconfig missing: TOKEN\n')).toBe(true);
  });

  test('row 2: crashes five times within 30 s, and is started no more until connect() asks for it', async () => {
    await using folder = await temporaryDirectory({ 'log.txt': '' });
    const log = join(folder.path, 'log.txt');
    const starts = (): number => readFileSync(log, 'utf8').split('\n').length - 1;
    await using client = legacyClient(faultServer('noted', log));
    for (let crash = 0; crash < 5; crash += 1) {
      const call = client.callTool('last_words', { text: 'no more memory', exitCode: 3 });
      expect(await rejectionOf(call)).toMatchObject({ code: 'server-exited' });
    }
    for (const call of [client.callTool('pid'), client.ping(), client.callTool('pid')]) {
      expect(await rejectionOf(call)).toMatchObject({
        code: 'crash-loop',
        name: 'CrashLoopError',
        delivered: 'no',
        cause: { exitCode: 3, stderrTail: 'no more memory' },
      });
    }
    expect(starts()).toBe(5);
    await client.connect();
    await client.ping();
    expect(starts()).toBe(6);
  });

  test('row 3: killed while a descendant holds its stdout, is found dead, and the descendant is killed', async () => {
    await using client = legacyClient(faultServer());
    const pid = await pidFrom(client, 'pid');
    const descendant = await pidFrom(client, 'start_descendant');
    const rejection = rejectionOf(client.callTool('wait'));
    process.kill(pid, 'SIGKILL');
    expect(await within(500, rejection)).toMatchObject({ code: 'server-exited', signal: 'SIGKILL' });
    await eventually(() => expect(isRunning(descendant)).toBe(false));
    expect(await pidFrom(client, 'pid')).not.toBe(pid);
  });

  test('row 4: closes its stdout and lives, the connection is lost, and the process is ended', async () => {
    await using client = legacyClient(faultServer());
    const pid = await pidFrom(client, 'pid');
    const rejection = rejectionOf(client.callTool('wait'));
    expect(await within(100, rejectionOf(client.callTool('close_stdout')))).toMatchObject({
      code: 'delivery-unknown',
      delivered: 'unknown',
      cause: { code: 'connection-closed', message: expect.stringContaining('closed its stdout') },
    });
    expect(await rejection).toMatchObject({ code: 'delivery-unknown' });
    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(await pidFrom(client, 'pid')).not.toBe(pid);
  });

  test('row 5: close() ends its stdin, then sends SIGTERM, then SIGKILL, and leaves no descendant', async () => {
    await using folder = await temporaryDirectory({ 'log.txt': '' });
    const log = join(folder.path, 'log.txt');
    const client = legacyClient(faultServer('stubborn', log));
    const pids = [await pidFrom(client, 'pid'), await pidFrom(client, 'start_descendant')];
    await within(600, client.close()); // Twice `closeGraceMs`.
    expect(readFileSync(log, 'utf8')).toBe('stdin ended\nSIGTERM\n');
    await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
  });

  test.each(['exit', 'SIGINT', 'SIGTERM'] as const)(
    'row 5: does not outlive its host, nor does a descendant (%s)',
    async (end) => {
      const host = startHost(
        `const client = new McpClient(target, { protocolVersion: '2025-11-25' });
         const pids = [await client.callTool('pid'), await client.callTool('start_descendant')];
         console.log(JSON.stringify(pids.map((pid) => Number(pid.text()))));
         ${end === 'exit' ? 'process.exit(0)' : ''}`,
        faultServer('stubborn', '/dev/null'),
      );
      const pids = await eventually(() => JSON.parse(host.output()) as number[]);
      expect(pids).toHaveLength(2);
      if (end !== 'exit') host.process.kill(end);
      expect(await host.ended).toBe(end === 'exit' ? 0 : end);
      await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
    },
  );
});
