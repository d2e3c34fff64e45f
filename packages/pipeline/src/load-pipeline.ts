import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { findProblems } from './define-pipeline.ts';
import type { PipelineDefinition } from './definition.ts';
import { PipelineInvalidError, refuseErrors, type Problem } from './problems.ts';

/** A pipeline that was read from a file, and where in the file its parts are. */
export interface LoadedPipeline {
  readonly pipeline: PipelineDefinition;
  /** The same problem, with its file and line. */
  locate(problem: Problem): Problem;
}

/**
 * Reads a pipeline from a YAML or JSON file; `pipeline: ./other.yaml` of a step is read with it. Throws `PipelineInvalidError`,
 * whose problems have file, line and step.
 */
export async function loadPipeline(file: string): Promise<LoadedPipeline> {
  const source = await readSource(file, []);
  const { definition, locate } = source;
  refuseErrors(findProblems(definition).map(locate));
  return { pipeline: definition as PipelineDefinition, locate }; // No problem was found in it.
}

interface Source {
  readonly definition: unknown;
  readonly locate: (problem: Problem) => Problem;
}

async function readSource(file: string, from: readonly string[]): Promise<Source> {
  const lines = new LineCounter();
  const path = resolve(file);
  const document = parseDocument(await readText(file), { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line } = lines.linePos(fault.pos[0]);
    throw new PipelineInvalidError([{ severity: 'error', message: `no YAML: ${fault.message}`, path: [], file, line }]);
  }
  const own = locateIn(document, lines, file);
  const inner = new Map<string, Source>();
  const definition = document.toJS({ maxAliasCount: 100 }) as unknown;
  for (const { index, step, named } of filesOf(definition)) {
    const next = resolve(dirname(path), named);
    const here = own({ severity: 'error', path: ['steps', index, 'pipeline'], step: String(step['id']), message: '' });
    if (next === path || from.includes(next))
      throw new PipelineInvalidError([
        { ...here, message: `${named} is part of itself: a pipeline cannot run itself` },
      ]);
    const read = await readSource(next, [...from, path]).catch((error: unknown) => {
      if (error instanceof PipelineInvalidError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new PipelineInvalidError([{ ...here, message: `${named} cannot be read: ${reason}` }]);
    });
    step['pipeline'] = read.definition;
    inner.set(String(index), read);
  }
  const locate = (problem: Problem): Problem => {
    const [steps, index, pipeline, ...rest] = problem.path;
    const part = steps === 'steps' && pipeline === 'pipeline' ? inner.get(String(index)) : undefined;
    return part === undefined || rest.length === 0 ? own(problem) : part.locate({ ...problem, path: rest });
  };
  return { definition, locate };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new PipelineInvalidError([{ severity: 'error', message: reason, path: [], file }]);
  }
}

/** The steps that name another file. */
function filesOf(definition: unknown): { index: number; step: Record<string, unknown>; named: string }[] {
  const steps = (definition as { steps?: unknown } | null)?.steps; // Whatever it is: this only looks.
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown, index) => {
    const named = (step as { pipeline?: unknown } | null)?.pipeline; // As above.
    return typeof named === 'string' ? [{ index, step: step as Record<string, unknown>, named }] : [];
  });
}

/** Where a part is, or the innermost part around it that the file has. */
function locateIn(document: Document, lines: LineCounter, file: string): (problem: Problem) => Problem {
  return (problem) => {
    for (let length = problem.path.length; length > 0; length -= 1) {
      const offset = startOf(document, problem.path.slice(0, length));
      if (offset !== undefined) return { ...problem, file, line: lines.linePos(offset).line };
    }
    return { ...problem, file, line: 1 };
  };
}

/** Where the key of a part begins, or the part itself in a list. */
function startOf(document: Document, path: readonly (string | number)[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(path, true) as { range?: [number, number, number] | null } | undefined; // Any node.
  return node?.range?.[0];
}
