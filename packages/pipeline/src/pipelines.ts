import { randomUUID } from 'node:crypto';
import type { ClientOptions, JsonObject } from '@toolwire/client-core';
import { checkTools, type ToolCheck } from './check/check-tools.ts';
import { findProblems } from './define-pipeline.ts';
import type { PipelineDefinition } from './definition.ts';
import type { Engine, EngineOptions, StoredRun, StoredRunFilter } from './engine.ts';
import { PipelineError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import type { RunEvent } from './events.ts';
import { inheritServers } from './inherit-servers.ts';
import { openEngine } from './open-engine.ts';
import { refuseErrors, type Problem } from './problems.ts';
import { carriedFrom } from './run/carried.ts';
import type { Answer } from './run/wait-step.ts';
import { readInput, storable } from './run/read-input.ts';
import { runPipeline } from './run/run-pipeline.ts';
import { attemptId, attemptOf, type RunRequest } from './run/run-request.ts';
import { storedValues, type StoredValues } from './run/stored-value.ts';
import { RunError, runInfo, runSteps, type RunInfo, type RunStep } from './run-info.ts';
import { secretsOf } from './secrets.ts';
import { Servers, type ServerTarget } from './servers.ts';
import { watchRun } from './watch-run.ts';

/** How pipelines are kept and carried out; every option has a default. */
export interface PipelinesOptions {
  /** Where runs are kept. Default: embedded, in `.mcp/pipeline`. */
  engine?: EngineOptions;
  /** Servers by name, for every pipeline: what can be connected to, or a client, hub or gateway. They stay open. */
  servers?: Readonly<Record<string, ServerTarget>>;
  /** What fills `${NAME}` of servers and `${{ env.NAME }}` of arguments. Default: the environment of the process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** For the clients of the servers that pipelines name. */
  client?: ClientOptions;
  /** `observer` lists and changes runs, and carries none out. Default `worker`. */
  role?: 'worker' | 'observer';
  /** Goes on with the runs of processes that died. Default true; else `resume` does, one by one. */
  recover?: boolean;
  /** The largest result or input that is stored, in bytes of JSON. Default 1 MiB. */
  maxStoredBytes?: number;
  /** Told what the engine met without failing. */
  onWarning?: (message: string) => void;
}

export interface StartOptions {
  /** Starting twice under one id is starting once. Letters, digits and `_ . : @ -`. Default: a new one. */
  id?: string;
  input?: JsonObject;
  /** Replaces the pipeline's own. */
  concurrency?: number;
  /** Leaves the run to whichever worker is free. Default false: this process carries it out. */
  detached?: boolean;
}

export interface RetryOptions {
  /** Does this step and those after it anew. Calls that must not happen twice are looked for first. Default: only what is not done. */
  from?: string;
  /** Of calls whose fate is unknown and that nothing can look for: whether they are `done`, or to be made `again`. */
  unknown?: 'done' | 'again';
}

export interface PruneOptions {
  /** Only runs that were made longer ago than this. */
  olderThanMs: number;
}

export interface SignalOptions {
  /** Of the message that brought the answer: the same message twice counts once. */
  messageId?: string | undefined;
}

/** Opens the place where runs are kept, and carries them out. Close it in the end. */
export async function openPipelines(options: PipelinesOptions = {}): Promise<Pipelines> {
  const {
    env = process.env,
    role = 'worker',
    recover = true,
    maxStoredBytes = 2 ** 20,
    onWarning = () => {},
  } = options;
  const servers = new Servers({ given: options.servers ?? {}, env, client: options.client ?? {} });
  const hub = new EventHub();
  const storedFor = (pipeline: PipelineDefinition): StoredValues =>
    storedValues(secretsOf(pipeline, env), maxStoredBytes);
  const engine = await openEngine(options.engine ?? { kind: 'embedded' }, {
    workflow:
      role === 'observer'
        ? undefined
        : (journal, request) => {
            const { pipeline } = request as RunRequest; // Only `start` and its like make runs.
            return runPipeline(journal, request as RunRequest, {
              servers: servers.of(pipeline),
              env,
              stored: storedFor(pipeline),
              emit: (event) => hub.emit(journal.runId, event),
            }).finally(() => hub.end(journal.runId));
          },
    takesOver: recover && role === 'worker',
    onWarning,
  });
  return new Pipelines(engine, servers, hub, storedFor);
}

/** Runs of pipelines: started, watched, and taken up again. */
export class Pipelines implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #servers: Servers;
  readonly #hub: EventHub;
  readonly #storedFor: (pipeline: PipelineDefinition) => StoredValues;
  #closing: Promise<void> | undefined;

  /** Use `openPipelines`. */
  constructor(
    engine: Engine,
    servers: Servers,
    hub: EventHub,
    storedFor: (pipeline: PipelineDefinition) => StoredValues,
  ) {
    this.#engine = engine;
    this.#servers = servers;
    this.#hub = hub;
    this.#storedFor = storedFor;
  }

  /** What is wrong with a pipeline, its servers asked: tools that are not there, arguments that do not fit, calls that cannot be repeated. */
  async check(pipeline: PipelineDefinition): Promise<readonly Problem[]> {
    return (await this.#check(pipeline)).problems;
  }

  /** Starts a run, and gives it as it is then. Throws `PipelineInvalidError` or `input-invalid` before anything has happened. */
  async start(pipeline: PipelineDefinition, options: StartOptions = {}): Promise<RunInfo> {
    const { id = newId(pipeline), concurrency, detached = false } = options;
    if (!/^[\w.:@-]{1,200}$/.test(id))
      throw new PipelineError(
        'input-invalid',
        `${JSON.stringify(id)} is no id of a run: use letters, digits and _ . : @ -`,
      );
    const { problems, idempotent } = await this.#check(pipeline);
    refuseErrors(problems);
    const input = readInput(pipeline, options.input ?? {}, this.#storedFor(pipeline));
    const limited = { ...inheritServers(pipeline), ...(concurrency !== undefined && { concurrency }) };
    const request: RunRequest = { pipeline: limited, input, idempotent, carried: {} };
    const isNew = await (detached ? this.#engine.enqueue(id, request) : this.#engine.start(id, request));
    const run = await this.get(id);
    const isSame = run.pipeline === pipeline.name && JSON.stringify(run.input) === JSON.stringify(input);
    if (!isNew && !isSame) throw new PipelineError('run-exists', `There is another run ${id}; choose another id`);
    return run;
  }

  /** Starts a run, waits for its end and gives its output. Throws `RunError` when it did not complete. */
  async run(pipeline: PipelineDefinition, options: StartOptions = {}): Promise<unknown> {
    const { id } = await this.start(pipeline, options);
    const run = await this.wait(id);
    if (run.status !== 'completed') throw new RunError(run);
    return run.output;
  }

  /** Settles when the run has ended, or was cancelled. */
  async wait(id: string, options: { signal?: AbortSignal } = {}): Promise<RunInfo> {
    const latest = await this.#latest(id);
    await this.#engine.ended(latest.id, options.signal);
    return this.get(latest.id);
  }

  /** What happens in a run, until it ends; what was settled before comes first. */
  async *watch(id: string): AsyncGenerator<RunEvent, void, undefined> {
    const { id: latest } = await this.#latest(id);
    yield* watchRun(this.#engine, this.#hub, latest);
  }

  /** A run: its latest attempt, unless `id` names one. Throws `run-not-found`. */
  async get(id: string): Promise<RunInfo> {
    return runInfo(await this.#latest(id));
  }

  /** The runs, the newest first. */
  async list(filter: StoredRunFilter = {}): Promise<RunInfo[]> {
    return (await this.#engine.list(filter)).map(runInfo);
  }

  /** What a run has recorded of its steps. */
  async steps(id: string): Promise<RunStep[]> {
    const latest = await this.#latest(id);
    return runSteps(latest, await this.#engine.steps(latest.id));
  }

  /** Answers a step that waits: a yes or no to an approval, what a webhook brought to another. */
  async signal(id: string, step: string, answer: Answer, { messageId }: SignalOptions = {}): Promise<void> {
    const { id: latest, request } = await this.#latest(id);
    const { pipeline } = request as RunRequest; // Every run of ours is started with one.
    const kind = 'event' in answer ? 'webhook' : 'approval';
    if (!pipeline.steps.some((candidate) => candidate.id === step && kind in candidate))
      throw new PipelineError(
        'wrong-state',
        `${pipeline.name} has no step ${JSON.stringify(step)} that waits for this`,
      );
    const message = storable(this.#storedFor(pipeline), answer, 'The answer');
    await this.#engine.send(latest, step, message, messageId === undefined ? undefined : `${step}/${messageId}`);
  }

  /** Stops a run; calls that are under way are given up. `resume` goes on with it. */
  async cancel(id: string): Promise<void> {
    await this.#engine.cancel((await this.#latest(id)).id);
  }

  /** Goes on with a run that was cancelled or interrupted, where it was. */
  async resume(id: string): Promise<RunInfo> {
    const run = runInfo(await this.#latest(id));
    if (run.status !== 'cancelled' && run.status !== 'interrupted')
      throw new PipelineError(
        'wrong-state',
        `Run ${run.id} is ${run.status}: only one that was cancelled or interrupted goes on; \`retry\` starts another attempt`,
      );
    await this.#engine.resume(run.id);
    return this.get(run.id);
  }

  /** Starts another attempt at a run that has ended; what is done stays done. */
  async retry(id: string, { from, unknown }: RetryOptions = {}): Promise<RunInfo> {
    const stored = await this.#latest(id);
    const { status } = runInfo(stored);
    const request = stored.request as RunRequest; // Every run of ours is started with one.
    if (['queued', 'running', 'interrupted'].includes(status) || (status === 'completed' && from === undefined))
      throw new PipelineError('wrong-state', `Run ${stored.id} is ${status}: there is nothing to retry`);
    if (from !== undefined && !request.pipeline.steps.some((step) => step.id === from))
      throw new PipelineError('wrong-state', `${request.pipeline.name} has no step ${JSON.stringify(from)}`);
    const carried = await carriedFrom(this.#engine, stored, from);
    const next = attemptId(stored.id, attemptOf(stored.id) + 1);
    await this.#engine.start(next, { ...request, carried, onUnknown: unknown });
    return this.get(next);
  }

  /** Forgets runs that have ended, and gives their ids. */
  async prune({ olderThanMs }: PruneOptions): Promise<string[]> {
    const old = await this.list({ createdBefore: Date.now() - olderThanMs });
    const ids = old.filter(({ status }) => !['queued', 'running', 'interrupted'].includes(status)).map((run) => run.id);
    await this.#engine.delete(ids);
    return ids;
  }

  /** Ends: calls under way have `drainMs` (5,000) to finish; runs that are not done stay as they are, to be resumed. */
  close({ drainMs = 5000 }: { drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(drainMs: number): Promise<void> {
    try {
      await this.#engine.close(drainMs);
    } finally {
      await this.#servers[Symbol.asyncDispose]();
    }
  }

  async #check(pipeline: PipelineDefinition): Promise<ToolCheck> {
    const problems = findProblems(pipeline);
    if (problems.length > 0) return { problems, idempotent: {} };
    return checkTools(inheritServers(pipeline), (part) => this.#servers.of(part));
  }

  /** The latest attempt at a run; the very one when its number is given. */
  async #latest(id: string): Promise<StoredRun> {
    let latest = await this.#engine.get(id);
    if (latest === undefined) throw new PipelineError('run-not-found', `There is no run ${id}`);
    if (attemptOf(id) > 1) return latest;
    for (let attempt = 2; ; attempt += 1) {
      const next = await this.#engine.get(attemptId(id, attempt));
      if (next === undefined) return latest;
      latest = next;
    }
  }
}

function newId({ name }: PipelineDefinition): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}
