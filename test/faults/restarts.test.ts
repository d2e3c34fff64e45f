import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpClient } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { temporaryDirectory } from '../servers/launch.ts';
import { effectsIn, startMortalServer } from './counting-server.ts';
import { rejectionOf, within } from './fault-server.ts';

const servers = [
  { name: 'streams, legacy era', args: ['--era', 'legacy'] },
  { name: 'JSON, legacy era', args: ['--era', 'legacy', '--json'] },
  { name: 'modern era', args: ['--era', 'modern'] },
];

describe.concurrent('an HTTP server that restarts in calls, and forgets its sessions', () => {
  test.each(servers)('row 15: answers a read, and leaves the fate of an act unknown ($name)', async ({ args }) => {
    await using folder = await temporaryDirectory({ effects: '' });
    const effects = join(folder.path, 'effects');
    await using server = await startMortalServer([...args, '--effects', effects]);
    await using client = new McpClient(server.url);
    await client.connect();
    const read = client.callTool('look', { key: 'a', waitMs: 500 }, { idempotent: true });
    const act = rejectionOf(client.callTool('act', { key: 'b', waitMs: 500 }));
    await eventually(() => expect(effectsIn(effects).get('b')).toBe(1));
    await server.kill();
    const restarted = sleep(200).then(() => server.start());
    expect((await within(3000, read)).text()).toBe('saw a');
    expect(await act).toMatchObject({ code: 'delivery-unknown', name: 'DeliveryUnknownError', attempts: 1 });
    await restarted;
    expect((await client.callTool('act', { key: 'c' })).text()).toBe('did c');
    expect([...effectsIn(effects)]).toEqual([
      ['b', 1],
      ['c', 1],
    ]);
  });
});
