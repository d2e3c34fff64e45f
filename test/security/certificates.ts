// X.509 certificates for tests (RFC 5280), built with node:crypto alone: no tool has to be there, and none expires in a file.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  /** Who vouches for it. Default: itself. */
  readonly issuer?: Certificate;
  /** The names that it is good for. */
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  /** The last day, relative to today. Default 30. */
  readonly days?: number;
}

/** Makes a certificate; one without an issuer is an authority, which may vouch for others. */
export function makeCertificate(name: string, options: CertificateOptions = {}): Certificate {
  const { issuer, hosts = [], addresses = [], days = 30 } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = [
    ...hosts.map((host) => der(0x82, Buffer.from(host))),
    ...addresses.map((ip) => der(0x87, bytesOf(ip))),
  ];
  const extensions = [
    ...(issuer === undefined ? [extension(basicConstraints, sequence(der(0x01, Buffer.from([0xff]))))] : []),
    ...(names.length > 0 ? [extension(subjectAltName, sequence(...names))] : []),
  ];
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // Version 3.
    der(0x02, Buffer.from([0x01, ...randomBytes(8)])),
    sequence(ecdsaWithSha256),
    nameOf(issuer?.name ?? name),
    sequence(time(days - 60), time(days)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign('sha256', toBeSigned, { key: issuer?.privateKey ?? privateKey, dsaEncoding: 'der' });
  const whole = sequence(toBeSigned, sequence(ecdsaWithSha256), der(0x03, Buffer.from([0]), signature));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${whole
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
    privateKey,
  };
}

const ecdsaWithSha256 = Buffer.from('06082a8648ce3d040302', 'hex');
const commonName = Buffer.from('0603550403', 'hex');
const basicConstraints = Buffer.from('0603551d13', 'hex');
const subjectAltName = Buffer.from('0603551d11', 'hex');

/** A tag, its length and its content (X.690). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value));
}

function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
}

function time(days: number): Buffer {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(text.slice(2)));
}

function bytesOf(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}
