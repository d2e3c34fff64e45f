import type { Transport } from '@toolwire/client-core';
import type { CommandContext } from '../context.ts';
import { readListenAddress } from './listen-address.ts';
import { openLog } from './log.ts';
import { redactor } from './redaction.ts';
import { serveHosts, sessionOpener } from './serve-hosts.ts';

const connectTimeoutMs = 15_000;
const callTimeoutMs = 60 * 60_000;

/**
 * Serves hosts of every era and on every wire of `--listen` with a server that is played in this process: `open` makes
 * the client's end of a conversation with it.
 */
export async function serveStandIn(
  kind: 'replay' | 'mock',
  open: () => Transport,
  { settings, io }: CommandContext,
): Promise<void> {
  const address = readListenAddress(settings.own, io.env);
  const redact = redactor(address?.guard.tokens ?? []);
  const name = `mcp ${kind}`;
  const log = openLog(io.stderr, redact, settings.verbose, name);
  const options = {
    route: { target: open, options: {} },
    offers: () => true,
    connectTimeoutMs,
    timeoutMs: callTimeoutMs,
    log,
  };
  await serveHosts(address, new Map([[kind, sessionOpener(name, options, redact)]]), { name, log, io });
}
