// What people use.
export { openPipelines, Pipelines } from './pipelines.ts';
export type { PipelinesOptions, PruneOptions, RetryOptions, SignalOptions, StartOptions } from './pipelines.ts';
export { definePipeline } from './define-pipeline.ts';
export { loadPipeline, type LoadedPipeline } from './load-pipeline.ts';
export type {
  ApprovalStep,
  CallStep,
  PipelineDefinition,
  PipelineServer,
  Reconcile,
  Retries,
  SleepStep,
  Step,
  SubPipelineStep,
  WebhookStep,
} from './definition.ts';
export type { Duration } from './duration.ts';
export type { Template } from './expression/template.ts';
export type { RunEvent } from './events.ts';
export { RunError, type RunInfo, type RunStatus, type RunStep } from './run-info.ts';
export type { Answer } from './run/wait-step.ts';
export type { CallRetry, Outcome, RunEnd, RunProblem, Wait } from './run/outcome.ts';
export type { ServerTarget } from './servers.ts';

// Every failure.
export { DirectoryInUseError, isPipelineError, PipelineError, type PipelineErrorCode } from './errors.ts';
export { formatProblem, PipelineInvalidError, type Problem } from './problems.ts';

// For those who keep runs elsewhere, and for servers that honour the key.
export type { EngineOptions, EngineStatus, StoredRunFilter } from './engine.ts';
export { idempotencyMeta } from './run/idempotency-key.ts';
