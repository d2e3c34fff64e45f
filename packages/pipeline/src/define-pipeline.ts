import { checkReferences } from './check/check-references.ts';
import { checkShape } from './check/check-shape.ts';
import type { PipelineDefinition } from './definition.ts';
import { refuseErrors, type Problem } from './problems.ts';

/** Checks a pipeline and gives it back; throws `PipelineInvalidError` with everything that is wrong. */
export function definePipeline(definition: PipelineDefinition): PipelineDefinition {
  refuseErrors(findProblems(definition));
  return definition;
}

/** What is wrong with a definition by itself, before any server is asked. */
export function findProblems(definition: unknown): Problem[] {
  const problems = checkShape(definition);
  if (problems.length > 0) return problems;
  return checkReferences(definition as PipelineDefinition); // Its shape was found right.
}
