import type { JsonObject } from '@toolwire/client-core';
import type { PipelineDefinition } from '../definition.ts';
import type { Carried, Outcome } from './outcome.ts';

/** What a run was started with: all that it needs to be carried out again, elsewhere or later. */
export interface RunRequest {
  readonly pipeline: PipelineDefinition;
  readonly input: JsonObject;
  /** Whether the calls of each step may be repeated, by the ids of steps: `ticket`, `deploy/ticket`. */
  readonly idempotent: Readonly<Record<string, boolean>>;
  /** What an earlier attempt has done already. */
  readonly carried: Carried;
  /** What the person who started this attempt knows of calls whose fate was unknown: that they happened, or did not. */
  readonly onUnknown?: 'done' | 'again' | undefined;
}

/** What an earlier attempt of this run has settled, or the person who started this one. */
export function knownOutcome({ carried, onUnknown }: RunRequest, name: string): Outcome | undefined {
  const before = Object.hasOwn(carried, name) ? carried[name] : undefined;
  if (before?.status === 'unknown' && onUnknown === 'done') return { status: 'done', result: null };
  return before?.status === 'done' ? before : undefined;
}

/** The part of `idempotent` that is about the steps of a sub-pipeline. */
export function idempotentUnder(step: string, all: RunRequest['idempotent']): RunRequest['idempotent'] {
  const prefix = `${step}/`;
  const own = Object.entries(all).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(own.map(([path, value]) => [path.slice(prefix.length), value]));
}

const attemptMark = /~\d+(?=$|\/)/;

/** The id of a run without the number of its attempt: `nightly~2` is an attempt at `nightly`. */
export function originalId(runId: string): string {
  return runId.replace(attemptMark, '');
}

/** The id of another attempt at the same run. */
export function attemptId(runId: string, attempt: number): string {
  return attempt === 1 ? originalId(runId) : `${originalId(runId)}~${attempt}`;
}

export function attemptOf(runId: string): number {
  return Number(attemptMark.exec(runId)?.[0].slice(1) ?? 1);
}
