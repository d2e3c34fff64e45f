import type { ServerConfig } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import type { Io } from '../io.ts';
import { readVersion } from '../version.ts';
import { serverIdentity, socketOf } from './server-identity.ts';

const socketFor = (config: ServerConfig, io: Pick<Io, 'env'>): string => socketOf(serverIdentity(config, io), io);
const env = { XDG_RUNTIME_DIR: '/run/user/1', PATH: '/bin', HOME: '/home/ada', KEY: 'hunter2' };
const command = { command: 'server', args: ['--stdio'], cwd: '/work', env: { A: '1', B: '2' } };
const remote = { url: 'https://example.com/mcp', headers: { 'X-Key': 'hunter2', 'X-Team': 'blue' } };

test.each<[string, ServerConfig, Readonly<Record<string, string>>]>([
  ['command', { ...command, command: 'other' }, env],
  ['arguments', { ...command, args: ['--stdio', '-v'] }, env],
  ['folder', { ...command, cwd: '/elsewhere' }, env],
  ['environment', { ...command, env: { A: '1', B: '3' } }, env],
  ['PATH', command, { ...env, PATH: '/opt/bin' }],
  ['HOME', command, { ...env, HOME: '/root' }],
  ['inherited variable', { ...command, inheritEnv: ['KEY'] }, { ...env, KEY: 'other' }],
])('another %s is another socket', (_what, config, around) => {
  const like = 'inheritEnv' in config ? { ...command, inheritEnv: ['KEY'] } : command;
  expect(socketFor(config, { env: around })).not.toBe(socketFor(like, { env }));
});

test.each<[string, ServerConfig]>([
  ['address', { ...remote, url: 'https://example.com/other' }],
  ['value of a header', { ...remote, headers: { ...remote.headers, 'X-Key': 'hunter3' } }],
  ['transport', { ...remote, transport: 'sse' }],
])('another %s is another socket', (_what, config) => {
  expect(socketFor(config, { env })).not.toBe(socketFor(remote, { env }));
});

test('what stands in another order, or in no relation to the server, is the same socket', () => {
  const { headers, url } = remote;
  const turned = { headers: Object.fromEntries(Object.entries(headers).toReversed()), url: new URL(url) };
  expect(socketFor(turned, { env: { ...env, PATH: '/opt', KEY: '' } })).toBe(socketFor(remote, { env }));
  expect(socketFor(command, { env: { ...env, TERM: 'xterm', KEY: '' } })).toBe(socketFor(command, { env }));
});

test('nothing of the server can be read from it', () => {
  expect(socketFor(remote, { env })).toMatch(/^\/run\/user\/1\/mcp\/[0-9a-f]{32}\.sock$/);
});

test('another version of the command is another server: they may not understand each other', () => {
  expect(JSON.parse(serverIdentity(remote, { env }))).toContain(readVersion());
});
