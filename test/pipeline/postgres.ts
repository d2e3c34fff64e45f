import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A PostgreSQL of the test's own. */
export interface Postgres extends AsyncDisposable {
  /** Makes a database; gives its URL. */
  create(database: string): string;
  /** Runs a statement there. */
  execute(database: string, statement: string): void;
}

/** The programs of an installed PostgreSQL, where Debian puts them; undefined when there is none. */
export const postgresPrograms: string | undefined = newest('/usr/lib/postgresql');

function newest(directory: string): string | undefined {
  const versions = existsSync(directory) ? readdirSync(directory).map(Number).filter(Number.isFinite) : [];
  return versions.length === 0 ? undefined : join(directory, String(Math.max(...versions)), 'bin');
}

/** Starts PostgreSQL at a free port of 127.0.0.1, with its files in a temporary folder; both are gone in the end. */
export async function startPostgres(): Promise<Postgres> {
  const programs = postgresPrograms;
  if (programs === undefined) throw new Error('PostgreSQL is not installed');
  const directory = mkdtempSync(join(tmpdir(), 'toolwire-postgres-'));
  const owner = ownerOf(directory);
  const initdb = ['-D', directory, '-U', 'toolwire', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  execFileSync(join(programs, 'initdb'), initdb, { ...owner, cwd: directory, stdio: 'ignore' });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', directory, ...settings.flatMap((setting) => ['-c', setting])],
    { ...owner, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'close');
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  while (!log.includes('ready to accept connections')) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log}`);
    await sleep(20);
  }
  return {
    create(database) {
      execFileSync(join(programs, 'createdb'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'toolwire', database]);
      return `postgresql://toolwire@127.0.0.1:${port}/${database}`;
    },
    execute(database, statement) {
      const args = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'toolwire', '-d', database, '-c', statement];
      execFileSync(join(programs, 'psql'), args, { stdio: 'ignore' });
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGQUIT'); // At once: nobody needs its files.
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function ownerOf(directory: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(directory, owner.uid, owner.gid);
  return owner;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number }; // It listens on a port, not on a pipe.
  probe.close();
  await once(probe, 'close');
  return port;
}
