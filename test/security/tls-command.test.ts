import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderWith, runCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { warmUser } from '../../packages/cli/test-fixtures/warm.ts';
import { answersIn, greeting, runWithHost } from '../../packages/cli/test-fixtures/wire-lines.ts';
import { proxyCommand } from '../e2e/proxy-under-test.ts';
import { startRawHttpServer, type RawHttpServer } from '../servers/raw-http-server.ts';
import { connect } from '@toolwire/client-core';
import { makeCertificate } from './certificates.ts';
import { startTlsFront, type TlsFront } from './tls-front.ts';

const authority = makeCertificate('Authority');
const good = makeCertificate('good', { addresses: ['127.0.0.1'], issuer: authority });

let server: RawHttpServer;
let front: TlsFront;

beforeEach(async () => {
  server = await startRawHttpServer({ 'tools/list': ({ result }) => result({ tools: [] }) });
  front = await startTlsFront(server.url, { cert: good.cert, key: good.key });
});
afterEach(async () => {
  await front[Symbol.asyncDispose]();
  await server.close();
});

function folderWithAuthority(): string {
  const folder = folderWith({});
  writeFileSync(join(folder, 'ca.pem'), authority.cert);
  return folder;
}

test('row 24: mcp trusts the authority of --ca, and says what to do about others', async () => {
  const cwd = folderWithAuthority();
  const refused = await runCli(['tools', 'list', '-s', front.url], { cwd });
  expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/certificate[^]*--ca FILE/) });
  expect(await runCli(['tools', 'list', '-s', front.url, '--ca', 'ca.pem'], { cwd })).toMatchObject({ exitCode: 0 });
});

test('row 24: mcp doctor trusts it too', async () => {
  const cwd = folderWithAuthority();
  const trusting = await runCli(['doctor', '-s', front.url, '--ca', 'ca.pem'], { cwd });
  expect(trusting).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/ok +TLS/) });
  expect(await runCli(['doctor', '-s', front.url], { cwd })).toMatchObject({
    exitCode: 3,
    stdout: expect.stringMatching(/FAILED +TLS[^]*--ca FILE/),
  });
});

test('row 24: mcp proxy trusts it too', async () => {
  const file = join(folderWithAuthority(), 'ca.pem');
  await using client = await connect(proxyCommand([front.url, '--ca', file]), { protocolVersion: '2025-11-25' });
  expect(await client.listTools()).toEqual([]);
});

test('row 24: the authority of a configured server is trusted by mcp, cold and warm, mcp proxy and mcp record', async () => {
  const cwd = folderWithAuthority();
  const entry = { url: front.url, tls: { ca: '${file:ca.pem}' } };
  writeFileSync(join(cwd, 'mcp.json'), JSON.stringify({ mcpServers: { it: entry } }));
  expect(await runCli(['tools', 'list', '-s', 'it'], { cwd })).toMatchObject({ exitCode: 0 });
  const user = warmUser();
  expect(await user.run(['up', 'it'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await user.run(['tools', 'list', '-s', 'it'], { cwd })).toMatchObject({ exitCode: 0 });
  for (const argv of [
    ['proxy', '--config', 'mcp.json', '-s', 'it'],
    ['record', 'talk.jsonl', '-s', 'it'],
  ]) {
    const { stdout } = await runWithHost(argv, [...greeting, { id: 1, method: 'tools/list' }], { cwd });
    expect(answersIn(stdout).get(1)).toMatchObject({ result: { tools: [] } });
  }
});

test.each([
  ['missing.pem', /Cannot read --ca missing.pem: ENOENT/],
  ['.', /Cannot read --ca \.: EISDIR/],
])('row 24: --ca %s is a mistake that is named', async (file, words) => {
  expect(await runCli(['tools', 'list', '-s', front.url, '--ca', file])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(words),
  });
});

test('row 24: mcp sends a credential over plain http to another machine only with --insecure-http', async () => {
  const elsewhere = server.url.replace('127.0.0.1', '0.0.0.0'); // Leads here, but does not say so.
  const argv = ['tools', 'list', '-s', elsewhere, '--header', 'X-API-Key: canary-7f3a'];
  const refused = await runCli(argv);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/x-api-key[^]*--insecure-http/) });
  expect(refused.stderr).not.toContain('canary');
  expect(server.requests).toEqual([]);
  expect(await runCli([...argv, '--insecure-http'])).toMatchObject({ exitCode: 0 });
});

test('row 24: mcp proxy sends one only with --insecure-http', async () => {
  const elsewhere = server.url.replace('127.0.0.1', '0.0.0.0');
  const argv = [elsewhere, '--header', 'X-API-Key: canary-7f3a'];
  await expect(connect(proxyCommand(argv), { protocolVersion: '2025-11-25' })).rejects.toMatchObject({
    code: 'server-exited',
    stderrTail: expect.stringMatching(/x-api-key[^]*--insecure-http/),
  });
  const entry = { url: elsewhere, headers: { 'X-API-Key': 'canary-7f3a' }, allowInsecureHttp: true };
  const file = join(folderWith({ 'mcp.json': { mcpServers: { it: entry } } }), 'mcp.json');
  for (const meant of [
    [...argv, '--insecure-http'],
    ['--config', file, '-s', 'it'],
  ]) {
    await using client = await connect(proxyCommand(meant), { protocolVersion: '2025-11-25' });
    expect(await client.listTools()).toEqual([]);
  }
});
