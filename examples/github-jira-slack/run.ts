// Runs the pipeline, or goes on with the run that an earlier process left: `npx node run.ts [DIRECTORY | postgres://…]`.
import { loadPipeline, openPipelines } from '@toolwire/pipeline';

const [place = '.mcp/pipeline'] = process.argv.slice(2);
const { pipeline } = await loadPipeline('pipeline.yaml');
await using pipelines = await openPipelines({
  engine: place.includes('://') ? { kind: 'postgres', url: place } : { kind: 'embedded', dir: place },
});

const { id } = await pipelines.start(pipeline, { id: 'issues-of-today' });
for await (const event of pipelines.watch(id)) {
  if (event.type === 'settled')
    console.log(`${event.step} ${event.key ?? ''} ${event.outcome}${event.isReplayed ? ', before' : ''}`);
}
const { status, problems } = await pipelines.get(id);
console.log(`${id} is ${status}`);
for (const { step, key = '', error } of problems) console.log(`  ${step} ${key}: ${error}`);
process.exitCode = status === 'completed' ? 0 : 1;
