import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Engine, EngineRole } from '../engine.ts';
import { PipelineError } from '../errors.ts';
import { openDbos } from './dbos.ts';
import { holdLiveness, type Liveness } from './liveness.ts';

/** DBOS on PostgreSQL, beside any number of other processes. The database must exist; its tables are made. */
export function openPostgres(url: string, role: EngineRole): Promise<Engine> {
  return openDbos(async () => {
    const executor = `${hostname()}/${process.pid}/${randomUUID()}`;
    const liveness = await connect(url, executor, role.onWarning);
    return { config: { systemDatabaseUrl: withTransactionLimit(url) }, executor, ...liveness };
  }, role);
}

async function connect(url: string, executor: string, onWarning: (message: string) => void): Promise<Liveness> {
  try {
    return await holdLiveness(url, executor, onWarning);
  } catch (cause) {
    // The URL holds a password: its host and database say enough.
    const place = URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'its URL';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineError('engine-unavailable', `PostgreSQL at ${place} cannot be reached: ${reason}`, { cause });
  }
}

/** DBOS sets this limit by a query of its own beside others, of which `pg` warns; a URL that sets it comes before. */
function withTransactionLimit(url: string): string {
  const limited = new URL(url);
  if (!limited.searchParams.has('options'))
    limited.searchParams.set('options', '-c idle_in_transaction_session_timeout=60000');
  return limited.href;
}
