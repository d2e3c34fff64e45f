import type { Approval, ApprovalRequest } from '@toolwire/openai-bridge';
import type { Io } from '../io.ts';
import { print } from '../io.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
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
  let lines: AsyncIterator<string | Uint8Array> | undefined;

  async function approve({ server, tool, args }: ApprovalRequest): Promise<Approval> {
    const name = writtenName({ server, tool: tool.name });
    if (allowsAll || !mayDestroy(tool) || always.has(name)) return true;
    if (io.stderr.isTTY !== true || io.stdin.isTTY !== true) {
      hasDeclined = true;
      await print(io.stderr, `mcp: ${sanitizeLine(name)} was not run: it may change something; --yes allows it\n`);
      return 'it may change something, and nobody is there to allow it';
    }
    await print(io.stderr, `Run ${sanitizeLine(name)} ${safeJson(args, 0)}? [y]es, [a]lways, [N]o: `);
    lines ??= io.stdin[Symbol.asyncIterator]();
    const answer = await nextWord(lines);
    if (answer.startsWith('a')) always.add(name);
    const isAllowed = answer.startsWith('a') || answer.startsWith('y');
    hasDeclined ||= !isAllowed;
    return isAllowed;
  }

  return { approve, hasDeclined: () => hasDeclined };
}

/** What the protocol says of a tool that says nothing of itself: it may destroy. */
function mayDestroy({ annotations }: ApprovalRequest['tool']): boolean {
  return annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false;
}

/** A terminal gives one line at a time; its end is a no. */
async function nextWord(lines: AsyncIterator<string | Uint8Array>): Promise<string> {
  const { value, done } = await lines.next();
  if (done === true) return '';
  return (typeof value === 'string' ? value : new TextDecoder().decode(value)).trim().toLowerCase();
}
