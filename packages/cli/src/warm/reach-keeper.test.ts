import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fixtureEntry, folderWith } from '../../test-fixtures/run-cli.ts';
import { warmUser } from '../../test-fixtures/warm.ts';
import { reachKeeper } from './reach-keeper.ts';

test('a keeper answers for its own server only, whatever its socket is called', async () => {
  const user = warmUser();
  await user.run(['up', '--', process.execPath, ...fixtureEntry().args]);
  const [{ socket, pid } = { socket: '', pid: 0 }] = await user.connections();
  const anyone = await reachKeeper(socket);
  expect(anyone?.status).toMatchObject({ name: 'node', pid });
  await anyone?.wire.close();
  expect(await reachKeeper(socket, 'another server')).toBeUndefined();
});

test('a keeper that hangs is not waited for', async () => {
  const folder = folderWith({});
  const path = join(folder, 'hung.sock');
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  chmodSync(path, 0o600);
  expect(await reachKeeper(path)).toBeUndefined();
});
