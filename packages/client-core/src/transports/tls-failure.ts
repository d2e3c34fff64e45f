import type { TLSSocket } from 'node:tls';

/** What the words of Node and OpenSSL mean to people. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/CERT_HAS_EXPIRED/, 'its certificate has expired'],
  [/CERT_NOT_YET_VALID/, 'its certificate is not valid yet; is the clock right here?'],
  [/ALTNAME|HOSTNAME/, 'its certificate is for another name than that of the URL'],
  [
    /SELF_SIGNED|VERIFY_LEAF|ISSUER/,
    'nobody that is trusted here vouches for its certificate; to trust it, give tls.ca',
  ],
  [
    /certificate required|handshake failure/,
    'it refuses this client; does it want a certificate, by tls.cert and tls.key?',
  ],
  [/protocol version|unsupported protocol/, 'it speaks no version of TLS that is allowed here'],
  [/wrong version number|packet length/, 'it does not speak TLS; is it an http: server?'],
];

/** Codes of connections that never came about, or broke. */
const ofNetwork = /^(E(?!PROTO)[A-Z]+|EAI_\w+)$/;
const alertAboutUs = /alert (bad |unknown |unsupported )?(certificate|ca\b)/;

/**
 * Why the server and this side do not trust each other, where that is what an error says: nothing was executed then, and
 * another attempt would end alike.
 */
export function tlsFailure(
  error: NodeJS.ErrnoException,
  socket: Partial<TLSSocket> | null | undefined,
): string | undefined {
  const { code = '', message } = error;
  // With TLS 1.3 a server refuses our certificate only after we have sent.
  const isBeforeTrust = socket?.encrypted === true && socket.authorized !== true && !ofNetwork.test(code);
  if (!isBeforeTrust && !alertAboutUs.test(message)) return undefined;
  return reasons.find(([words]) => words.test(`${code} ${message}`))?.[1] ?? `TLS failed (${code})`;
}
