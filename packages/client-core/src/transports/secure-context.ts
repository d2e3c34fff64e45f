import type { SecureContext } from 'node:tls';
import { McpError } from '../errors.ts';

/** How to reach a server over TLS, in Node. All is PEM: the text of the files, not their paths. */
export interface TlsOptions {
  /** The authorities to trust, instead of those that Node trusts. */
  ca?: string | undefined;
  /** The certificate that this client shows to servers that ask for one, and its key. */
  cert?: string | undefined;
  key?: string | undefined;
  /** Opens an encrypted key. */
  passphrase?: string | undefined;
  /** Default `TLSv1.2`. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/** What Node's TLS wants to know; no variable of the environment can switch off that certificates are checked. */
export interface SecureOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: true;
}

/** Reads the certificates; throws `config-invalid` when they are none. Node only. */
export function secureOptions({ ca, cert, key, passphrase, minVersion = 'TLSv1.2' }: TlsOptions = {}): SecureOptions {
  // Node takes any text for an authority, and then trusts nobody.
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw invalid('ca is no certificate in PEM; give the text of the file, not its path');
  if ((cert === undefined) !== (key === undefined)) throw invalid('cert and key go together');
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  try {
    return { secureContext: createSecureContext({ ca, cert, key, passphrase, minVersion }), rejectUnauthorized: true };
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause)); // OpenSSL names the fault, never what it read.
  }
}

function invalid(what: string): McpError {
  return new McpError('config-invalid', `tls: ${what}`, { delivered: 'no' });
}
