import type { PipelineDefinition } from './definition.ts';

/** A pipeline whose sub-pipelines know its servers besides their own, as they do when each is a run of its own. */
export function inheritServers(pipeline: PipelineDefinition): PipelineDefinition {
  const steps = pipeline.steps.map((step) => {
    if (!('pipeline' in step)) return step;
    const servers = { ...pipeline.servers, ...step.pipeline.servers };
    return { ...step, pipeline: inheritServers({ ...step.pipeline, servers }) };
  });
  return { ...pipeline, steps };
}
