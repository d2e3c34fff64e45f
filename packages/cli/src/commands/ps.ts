import type { CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { openShow } from '../output/show.ts';
import { liveKeepers } from '../warm/live-keepers.ts';
import { shownDuration } from '../warm/shown-duration.ts';

/** `mcp ps`: the connections that are kept warm. */
export async function ps({ settings, io }: CommandContext): Promise<ExitCode> {
  const show = await openShow(settings, io);
  const keepers = await liveKeepers(io);
  const rows = keepers.map(({ name, pid, upMs, idleMs, calls, server }) => [
    name,
    `pid ${pid}`,
    `up ${shownDuration(upMs)}`,
    idleMs === 0 ? 'in use' : `idle ${shownDuration(idleMs)}`,
    `${calls} requests`,
    server,
  ]);
  await show({
    value: { connections: keepers },
    body: {
      head: ['Server', 'Process', 'Up', 'Idle', 'Requests', 'Connection'],
      groups: [{ name: '', rows }],
      plural: 'warm connections',
    },
    lines: keepers,
  });
  return 0;
}
