import { randomBytes } from 'node:crypto';
import { CliError } from '../cli-error.ts';
import type { ProxyLine } from './flags.ts';
import type { GuardOptions } from './guard.ts';
import { expandVariables, type Environment } from './headers.ts';

/** Where hosts are listened for, and who they must be. */
export interface ListenAddress {
  readonly scheme: 'http' | 'ws';
  readonly address: string;
  readonly port: number;
  readonly guard: GuardOptions;
  /** The token that was made up, since none was given. */
  readonly madeToken: string | undefined;
}

/** The flags of a command that listens. */
type ListenFlags = Pick<ProxyLine, 'has' | 'all' | 'last'>;

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const onlyWithListen = ['host', 'token', 'no-token', 'allow-origin', 'allow-host'] as const;

/** Reads `--listen` and what belongs to it; nothing when the host is at the other end of stdin and stdout. */
export function readListenAddress(line: ListenFlags, env: Environment): ListenAddress | undefined {
  const listen = line.last('listen');
  if (listen === undefined) {
    const misplaced = onlyWithListen.find((flag) => line.has(flag));
    if (misplaced === undefined) return undefined;
    throw new CliError('usage', `--${misplaced} is for --listen`);
  }
  const { scheme, name, port } = parseAddress(listen);
  const address = line.last('host') ?? name;
  const isOpen = !isLoopback(address);
  if (isOpen && !line.has('host'))
    throw new CliError('usage', `${name} can be reached from other machines`, `If that is meant, add --host ${name}`);
  if (line.has('no-token') && (isOpen || line.has('token')))
    throw new CliError('usage', line.has('token') ? '--token and --no-token exclude each other' : openWithoutToken);
  const given = line.all('token').map((token) => expandVariables(token, env, '--token'));
  const madeToken = given.length > 0 || line.has('no-token') ? undefined : randomBytes(24).toString('base64url');
  const hosts = [...loopbackNames, hostName(name), hostName(address), ...line.all('allow-host')];
  const tokens = madeToken === undefined ? given : [madeToken];
  const guard = { hosts, origins: line.all('allow-origin').map(originOf), tokens };
  return { scheme, address: address === 'localhost' ? '127.0.0.1' : unbracketed(address), port, guard, madeToken };
}

const openWithoutToken = 'Without a token the proxy serves this machine only; leave --host or --no-token out';

function parseAddress(text: string): { scheme: 'http' | 'ws'; name: string; port: number } {
  const url = /^\d+$/.test(text) ? `http://127.0.0.1:${text}` : text;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const scheme = parsed?.protocol.slice(0, -1);
  const isPlain = parsed?.pathname === '/' && parsed.search === '' && parsed.username === '';
  if (parsed === undefined || (scheme !== 'http' && scheme !== 'ws') || !isPlain)
    throw new CliError('usage', '--listen wants an address such as http://127.0.0.1:8080 or ws://127.0.0.1:8080');
  return { scheme, name: parsed.hostname, port: Number(parsed.port === '' ? 80 : parsed.port) };
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || /^127(\.\d+){3}$/.test(address) || unbracketed(address) === '::1';
}

/** A page's address stands for its origin; `null` and `*` are nobody's. */
function originOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (origin !== 'null') return origin;
  throw new CliError('usage', '--allow-origin wants an origin such as https://app.example.com');
}

function hostName(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

function unbracketed(address: string): string {
  return address.replaceAll(/[[\]]/g, '');
}
