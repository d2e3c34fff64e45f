import { isLoopbackHost } from './loopback-host.ts';
import { McpError } from '../errors.ts';

const saysWhoAsks = /auth|key|token|secret|cookie|passw|credential/i;
const neverDoes = /^(mcp-|idempotency-key$)/i;

/** Whether what is called so, a header or a variable, holds a credential. */
export function isCredentialName(name: string): boolean {
  return saysWhoAsks.test(name) && !neverDoes.test(name);
}

/** The header that says who asks: the first that is named like one, or the one that is made of a URL's user and password. */
export function credentialHeader(url: URL, headers: Readonly<Record<string, string>>): string | undefined {
  const named = Object.keys(headers).find(isCredentialName);
  return named?.toLowerCase() ?? (url.username === '' && url.password === '' ? undefined : 'authorization');
}

/** Whether everybody on the way can read what is sent there: it is not encrypted, and leaves this machine. */
export function isReadable({ protocol, hostname }: URL): boolean {
  return (protocol === 'http:' || protocol === 'ws:') && !isLoopbackHost(hostname);
}

/** Throws `config-invalid` before a credential goes where everybody on the way can read it. */
export function checkEncrypted(url: URL, headers: Readonly<Record<string, string>>): void {
  const header = isReadable(url) ? credentialHeader(url, headers) : undefined;
  if (header === undefined) return;
  const text = `The header ${header} was not sent: on the way to ${url.origin} everybody could read it; use ${url.protocol.replace(':', 's:')}, or set allowInsecureHttp`;
  throw new McpError('config-invalid', text, { delivered: 'no' });
}
