import assert from 'node:assert/strict';
import { definePipeline, openPipelines } from '@toolwire/pipeline';
import { createServer } from './server.ts';

const pipeline = definePipeline({
  name: 'report-on-data',
  input: { type: 'object', properties: { data: { type: 'array' } }, required: ['data'] },
  steps: [
    { id: 'validated', call: 'lab.validate_data', args: { data: '${{ input.data }}' } },
    {
      id: 'transformed',
      call: 'lab.transform_data',
      args: { data: '${{ steps.validated.result.values }}', format: 'normalized' },
    },
    {
      id: 'analysis',
      call: 'lab.analyze_data',
      args: { data: '${{ steps.transformed.result.values }}', metrics: ['mean', 'median', 'std'] },
    },
    {
      id: 'report',
      call: 'lab.generate_report',
      args: {
        analysis: '${{ steps.analysis.result }}',
        refused: '${{ steps.validated.result.refused }}',
        format: 'markdown',
      },
    },
  ],
});

const calls: string[] = [];
const printer = { isOutOfPaper: true };
const lab = createServer(calls, printer);
const { url } = await lab.listen();

// In memory, for this example; `{ kind: 'embedded' }`, the default, outlives the process.
await using pipelines = await openPipelines({ engine: { kind: 'memory' }, servers: { lab: url } });

const { id } = await pipelines.start(pipeline, { input: { data: [4, 8, 'six', 15, 16, 23, 42] } });
const failed = await pipelines.wait(id);
console.log(`${id} is ${failed.status}: ${failed.problems[0]?.error}`);
assert.equal(failed.status, 'failed');

printer.isOutOfPaper = false;
await pipelines.retry(id);
const done = await pipelines.wait(id);
console.log(`${done.status} in two attempts: ${calls.join(', ')}\n\n${String(done.output)}`);
assert.equal(done.status, 'completed');
// What was done in the first attempt is not done again.
assert.deepEqual(calls, ['validate_data', 'transform_data', 'analyze_data', 'generate_report', 'generate_report']);
assert.match(String(done.output), /median: 0.30263/);

await lab.close();
