import { DBOS, type DBOSConfig, type GetWorkflowsInput, type WorkflowStatus } from '@dbos-inc/dbos-sdk';
import type { Engine, EngineRole, EngineStatus, StoredRun, StoredRunFilter } from '../engine.ts';
import { PipelineError } from '../errors.ts';
import { sleep } from '../waiting.ts';
import { DbosJournal } from './dbos-journal.ts';
import { engineLogger } from './engine-logger.ts';
import { RunningSteps } from './running-steps.ts';

/** What the database is, and who this process is in it. */
export interface DbosDatabase {
  readonly config: Pick<DBOSConfig, 'systemDatabaseUrl' | 'systemDatabasePool' | 'useListenNotify'>;
  readonly executor: string;
  /** When the process that carries out these runs has died, does `work` while no other process does the same; gives whether it has. */
  ifDead(executor: string, work?: () => Promise<void>): Promise<boolean>;
  close(): Promise<void>;
}

/** What a run has recorded is read back by number: raise this when the order of operations of `runPipeline` changes. */
const applicationVersion = 'toolwire-pipeline-1';
const queueName = 'runs';
const takeOverEveryMs = 1000;

/** What is open in this process; DBOS wants to know what runs do before it is launched, once for all. */
let open: { role: EngineRole; running: RunningSteps; engine: Engine } | undefined;
const execute = DBOS.registerWorkflow(
  async (request: unknown): Promise<unknown> => {
    const { workflowID } = DBOS;
    if (open?.role.workflow === undefined || workflowID === undefined) throw new Error('No engine is open');
    const { running, engine } = open;
    const run = open.role.workflow(new DbosJournal(workflowID, running, engine, execute), request);
    running.begin(workflowID, run);
    return run;
  },
  { name: 'run', maxRecoveryAttempts: 1_000_000 },
);

let isTaken = false;

/** Opens DBOS on the database that `connect` gives; a process has room for one. */
export async function openDbos(connect: () => Promise<DbosDatabase>, role: EngineRole): Promise<Engine> {
  if (isTaken) throw new PipelineError('engine-busy', 'This process has an engine open already; close it first');
  isTaken = true;
  try {
    const database = await connect();
    return await launch(new DbosEngine(database, role), database, role);
  } catch (error) {
    isTaken = false;
    throw error;
  }
}

async function launch(engine: DbosEngine, database: DbosDatabase, role: EngineRole): Promise<Engine> {
  open = { role, running: engine.running, engine };
  try {
    DBOS.setConfig({
      name: 'toolwire',
      ...database.config,
      executorID: database.executor,
      applicationVersion,
      listenQueues: role.workflow === undefined ? [] : [queueName],
      logger: engineLogger(role.onWarning),
    });
    await DBOS.launch();
    await DBOS.registerQueue(queueName, { minPollingIntervalMs: 100 });
  } catch (cause) {
    await engine.close(0).catch(() => {}); // It may not have come up far enough.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineError('engine-unavailable', `The database cannot be used: ${reason}`, { cause });
  }
  if (role.takesOver) engine.takeOver();
  return engine;
}

class DbosEngine implements Engine {
  readonly #database: DbosDatabase;
  readonly #role: EngineRole;
  readonly running: RunningSteps = new RunningSteps();
  readonly #closing = new AbortController();
  #takingOver: Promise<void> | undefined;

  constructor(database: DbosDatabase, role: EngineRole) {
    this.#database = database;
    this.#role = role;
  }

  /** Looks for runs of dead processes until it closes. */
  takeOver(): void {
    this.#takingOver = this.#takeOverForever();
  }

  async start(id: string, request: unknown): Promise<boolean> {
    if ((await this.get(id)) !== undefined) return false;
    await DBOS.startWorkflow(execute, { workflowID: id })(request);
    return true;
  }

  async enqueue(id: string, request: unknown): Promise<boolean> {
    if ((await this.get(id)) !== undefined) return false;
    await DBOS.startWorkflow(execute, { workflowID: id, queueName })(request);
    return true;
  }

  async get(id: string): Promise<StoredRun | undefined> {
    const [status] = await DBOS.listWorkflows({ workflowIDs: [id] });
    return status === undefined ? undefined : this.#stored(status);
  }

  async list({ children = false, limit, createdBefore }: StoredRunFilter = {}): Promise<StoredRun[]> {
    const statuses = await DBOS.listWorkflows({
      sortDesc: true,
      ...(!children && { hasParent: false }),
      ...(limit !== undefined && { limit }),
      ...(createdBefore !== undefined && { endTime: new Date(createdBefore).toISOString() }),
    });
    return Promise.all(statuses.map((status) => this.#stored(status)));
  }

  async steps(id: string): ReturnType<Engine['steps']> {
    const steps = (await DBOS.listWorkflowSteps(id)) ?? [];
    return steps.map(({ name, output, childWorkflowID, startedAtEpochMs = 0, completedAtEpochMs }) => ({
      name,
      value: output,
      child: childWorkflowID ?? undefined,
      startedAt: startedAtEpochMs,
      endedAt: completedAtEpochMs ?? startedAtEpochMs,
    }));
  }

  async ended(id: string, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const [status] = await this.#summaries({ workflowIDs: [id] });
      if (status === undefined || !['PENDING', 'ENQUEUED', 'DELAYED'].includes(status.status)) return;
      await this.running.endOfRun(id, signal);
    }
  }

  async send(id: string, topic: string, message: unknown, messageId?: string): Promise<void> {
    await DBOS.send(id, message, topic, messageId);
  }

  async cancel(id: string): Promise<void> {
    await DBOS.cancelWorkflow(id, { cancelChildren: true });
    this.running.leave(id);
  }

  async resume(id: string): Promise<void> {
    const family = [id, ...(await this.#descendants(id))];
    for (const { workflowID, status } of await this.#summaries({ workflowIDs: family }))
      if (status === 'CANCELLED' || status === 'PENDING') await DBOS.resumeWorkflow(workflowID, { queueName });
  }

  async delete(ids: readonly string[]): Promise<void> {
    await DBOS.deleteWorkflows([...ids], true);
  }

  async close(drainMs: number): Promise<void> {
    this.#closing.abort();
    await this.running.close(drainMs);
    await this.#takingOver;
    try {
      await DBOS.shutdown();
    } finally {
      open = undefined;
      isTaken = false;
      await this.#database.close();
    }
  }

  async #descendants(id: string): Promise<string[]> {
    const children = await this.#summaries({ parentWorkflowID: id });
    const deeper = await Promise.all(children.map(({ workflowID }) => this.#descendants(workflowID)));
    return [...children.map(({ workflowID }) => workflowID), ...deeper.flat()];
  }

  #summaries(input: GetWorkflowsInput): Promise<WorkflowStatus[]> {
    return DBOS.listWorkflows({ ...input, loadInput: false, loadOutput: false });
  }

  async #stored(status: WorkflowStatus): Promise<StoredRun> {
    return {
      id: status.workflowID,
      status: await this.#statusOf(status),
      request: status.input?.[0],
      result: status.output,
      crash: status.error instanceof Error ? status.error.message : undefined,
      parent: status.parentWorkflowID,
      createdAt: status.createdAt,
      updatedAt: status.updatedAt ?? status.createdAt,
    };
  }

  async #statusOf({ status, executorId = '' }: WorkflowStatus): Promise<EngineStatus> {
    if (status !== 'PENDING') return statuses[status] ?? 'crashed';
    const isHere = executorId === this.#database.executor;
    return !isHere && (await this.#database.ifDead(executorId)) ? 'interrupted' : 'running';
  }

  /** DBOS itself recovers only what ran under the same executor, and every process is one of its own. */
  async #takeOverForever(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#takeOver().catch((error: unknown) =>
        this.#role.onWarning(`Runs of dead processes could not be looked for: ${String(error)}`),
      );
      await sleep(takeOverEveryMs, this.#closing.signal).catch(() => {}); // Closing.
    }
  }

  async #takeOver(): Promise<void> {
    const pending = await this.#summaries({ status: 'PENDING' });
    const executors = new Set(pending.map(({ executorId = '' }) => executorId));
    executors.delete(this.#database.executor);
    for (const executor of executors) await this.#database.ifDead(executor, () => this.#takeOverFrom(executor));
  }

  async #takeOverFrom(executor: string): Promise<void> {
    for (const { workflowID } of await this.#summaries({ status: 'PENDING', executorId: executor })) {
      await DBOS.resumeWorkflow(workflowID, { queueName });
      this.#role.onWarning(`Run ${workflowID} is taken over: the process that carried it out has died`);
    }
  }
}

const statuses: Readonly<Record<string, EngineStatus>> = {
  ENQUEUED: 'queued',
  DELAYED: 'queued',
  SUCCESS: 'ended',
  CANCELLED: 'cancelled',
};
