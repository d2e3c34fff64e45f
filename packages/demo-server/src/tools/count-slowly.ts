import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** Adds `count_slowly(steps, delay_ms)`, a call that takes time: it reports progress when asked and obeys cancellation. */
export function addCountSlowly(server: McpServer): void {
  server.registerTool(
    'count_slowly',
    {
      title: 'Count slowly',
      description: 'Counts up with a pause after each number; shows progress and can be cancelled.',
      inputSchema: z.object({
        steps: z.int().min(1).max(1_000).default(5).describe('How far to count'),
        delay_ms: z.int().min(0).max(60_000).default(500).describe('The pause after each number, in milliseconds'),
      }),
      outputSchema: z.object({ counted: z.number(), elapsed_ms: z.number() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ steps, delay_ms }, { mcpReq: { _meta: meta, signal, notify } }) => {
      const progressToken = meta?.progressToken;
      const started = performance.now();
      for (let step = 1; step <= steps; step++) {
        if (progressToken !== undefined) {
          const params = { progressToken, progress: step, total: steps, message: `${step} of ${steps}` };
          await notify({ method: 'notifications/progress', params });
        }
        // The pause comes last, because some clients lose a report that arrives together with the result.
        await sleep(delay_ms, undefined, { signal });
      }
      const elapsed_ms = Math.round(performance.now() - started);
      return {
        content: [{ type: 'text', text: `Counted to ${steps} in ${elapsed_ms} ms.` }],
        structuredContent: { counted: steps, elapsed_ms },
      };
    },
  );
}
