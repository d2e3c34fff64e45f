import { signWebhook, type SignedHeaders, type VerifyOptions } from '../src/index.ts';

export const secret = 'whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=';
export const otherSecret = 'whsec_ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=';
export const timestamp = 1_795_253_400;

/** A clock that stands still. */
export const now = (): number => timestamp * 1000;

export const toolExecuted = {
  event: 'tool_executed',
  tool: 'create_ticket',
  params: { title: 'Bug 1' },
  result: { key: 'PROJ-1' },
  timestamp: '2026-11-21T09:30:00.000Z',
};

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export interface Signed {
  readonly body: Uint8Array;
  /** Of both families. */
  readonly headers: SignedHeaders;
  readonly standard: Record<string, string>;
  readonly mcp: Record<string, string>;
  readonly options: VerifyOptions & { now: () => number };
}

/** A delivery with one signature, made at `timestamp`. */
export async function signed(body: Uint8Array = bytesOf(toolExecuted), id = 'msg_1'): Promise<Signed> {
  const headers = await signWebhook(body, { id, secrets: secret, timestamp });
  const { 'x-mcp-signature': mcpSignature, ...standard } = headers;
  return { body, headers, standard, mcp: { 'x-mcp-signature': mcpSignature }, options: { secrets: secret, now } };
}
