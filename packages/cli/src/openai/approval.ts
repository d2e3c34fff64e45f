import type { Approval, ApprovalRequest } from '@toolwire/openai-bridge';
import type { Io } from '../io.ts';
import { print } from '../io.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { lineReader } from '../terminal/line-reader.ts';
import { writtenName } from './server-tools.ts';

/** Who decides about calls, and whether any was declined. */
export interface Approver {
  readonly approve: (request: ApprovalRequest) => Approval | Promise<Approval>;
  readonly hasDeclined: () => boolean;
}

/** Asks on a terminal before a call that may change something; where there is none, such calls are declined. */
export function approver(io: Io, allowsAll: boolean): Approver {
  const always = new Set<string>();
  let hasDeclined = false;

  async function approve({ server, tool, args }: ApprovalRequest): Promise<Approval> {
    const name = writtenName({ server, tool: tool.name });
    if (allowsAll || !mayDestroy(tool) || always.has(name)) return true;
    if (io.stderr.isTTY !== true || io.stdin.isTTY !== true) {
      hasDeclined = true;
      await print(io.stderr, `mcp: ${sanitizeLine(name)} was not run: it may change something; --yes allows it\n`);
      return 'it may change something, and nobody is there to allow it';
    }
    const ask = lineReader(io)(io.interrupted);
    const answer = await ask(`Run ${sanitizeLine(name)} ${safeJson(args, 0)}? [y]es, [a]lways, [N]o: `);
    if (/^a/i.test(answer ?? '')) always.add(name);
    const isAllowed = /^[ay]/i.test(answer ?? ''); // The end of the input is a no.
    hasDeclined ||= !isAllowed;
    return isAllowed;
  }

  return { approve, hasDeclined: () => hasDeclined };
}

/** What the protocol says of a tool that says nothing of itself: it may destroy. */
function mayDestroy({ annotations }: ApprovalRequest['tool']): boolean {
  return annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false;
}
