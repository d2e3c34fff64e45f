// A process that carries out runs: `node worker.mjs '{ "options", "pipeline", "id" }'`. With a pipeline it starts that run, or goes
// on with it, and ends with it; without one it takes runs over until it is killed. Each event is a line of JSON.
import { openPipelines } from '@toolwire/pipeline';

const { options, pipeline, start = {} } = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const pipelines = await openPipelines({ ...options, onWarning: (message) => say({ type: 'warning', message }) });
say({ type: 'open', pid: process.pid });
if (pipeline === undefined) {
  process.stdin.on('end', () => process.exit(0)).resume(); // Whoever started it is gone.
} else {
  const { id, status } = await pipelines.start(pipeline, start);
  if (status === 'interrupted' || status === 'cancelled') await pipelines.resume(id);
  for await (const event of pipelines.watch(id)) say(event);
  say({ type: 'result', run: await pipelines.get(id) });
  await pipelines.close();
}
