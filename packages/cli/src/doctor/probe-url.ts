import { secureOptions, type HttpServerConfig } from '@toolwire/client-core';
import { blocked, type Finding, type Probe } from './finding.ts';

const connectMs = 5_000;

/** Resolves the name of a server, connects to its port, and greets it over TLS where it is https or wss. */
export function urlProbes({ url: address, tls }: HttpServerConfig): readonly Probe[] {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  const port = Number(url.port === '' ? (isSecure ? 443 : 80) : url.port);
  const probes: readonly Probe[] = [
    () => probeName(host),
    () => probePort(host, port),
    () => probeTls(host, port, tls),
  ];
  return isSecure ? probes : probes.slice(0, 2);
}

async function probeName(host: string): Promise<Finding> {
  try {
    const { address } = await process.getBuiltinModule('node:dns/promises').lookup(host);
    return { step: 'DNS', ok: true, message: `${host} is ${address}` };
  } catch (error) {
    const advice = 'Is the name spelled right? Is there a network, or a VPN that this name needs?';
    return blocked('DNS', `${host} has no address (${codeOf(error)})`, advice);
  }
}

async function probePort(host: string, port: number): Promise<Finding> {
  try {
    await connectTo(host, port);
    return { step: 'port', ok: true, message: `something listens at ${host}:${port}` };
  } catch (error) {
    const code = codeOf(error);
    const isRefused = code === 'ECONNREFUSED';
    const advice = isRefused
      ? 'Start the server, or correct the port'
      : 'Does a firewall, or a proxy that must be used, keep it away?';
    return blocked('port', `Nothing answers at ${host}:${port} (${code})`, advice);
  }
}

async function probeTls(host: string, port: number, tls: HttpServerConfig['tls']): Promise<Finding> {
  try {
    return { step: 'TLS', ok: true, message: await greet(host, port, tls) };
  } catch (error) {
    const code = codeOf(error);
    return blocked(
      'TLS',
      `The connection cannot be trusted (${code})`,
      tlsAdvices.get(code) ?? 'Is this the right port for https?',
    );
  }
}

function connectTo(host: string, port: number): Promise<void> {
  const { connect } = process.getBuiltinModule('node:net');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: connectMs });
    socket.once('connect', () => resolve(void socket.destroy()));
    socket.once('timeout', () => socket.destroy(timedOut()));
    socket.once('error', reject);
  });
}

/** Who the certificate is for, and how long it is good. */
function greet(host: string, port: number, tls: HttpServerConfig['tls']): Promise<string> {
  const { connect } = process.getBuiltinModule('node:tls');
  const { isIP } = process.getBuiltinModule('node:net');
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 && { servername: host };
    const socket = connect({ ...secureOptions(tls), host, port, timeout: connectMs, ...name });
    socket.once('secureConnect', () => {
      const until = socket.getPeerCertificate().valid_to;
      socket.destroy();
      resolve(`a certificate for ${host}, good until ${until}`);
    });
    socket.once('timeout', () => socket.destroy(timedOut()));
    socket.once('error', reject);
  });
}

function timedOut(): Error {
  return Object.assign(new Error('No answer'), { code: 'ETIMEDOUT' });
}

const tlsAdvices: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CERT_HAS_EXPIRED: 'The certificate has expired: its owner must renew it',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'It is self-signed: name its file with --ca FILE',
    SELF_SIGNED_CERT_IN_CHAIN: 'Its authority is not known here: name its file with --ca FILE',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      'Its authority is not known here: name its file with --ca FILE; or the server does not send its whole chain',
    ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: correct the URL',
    ERR_SSL_WRONG_VERSION_NUMBER: 'This port does not speak TLS: write http:// instead of https://',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'This port does not speak TLS: write http:// instead of https://',
  }),
);

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
