import { complete } from './commands/complete.ts';
import { completion } from './commands/completion.ts';
import { doctor } from './commands/doctor.ts';
import { logs } from './commands/logs.ts';
import { ping } from './commands/ping.ts';
import { promptsGet, promptsList, promptsShow } from './commands/prompts.ts';
import { resourcesSubscribe } from './commands/resources-subscribe.ts';
import { resourcesList, resourcesRead, resourcesTemplates } from './commands/resources.ts';
import { rpc } from './commands/rpc.ts';
import { run } from './commands/run.ts';
import type { Command } from './context.ts';

export { completeWords } from './commands/complete-words.ts';
export { rememberTools } from './completion/known-tools.ts';

/** Commands that a call of a tool does not wait for, in one chunk: each split more would cost the others a file to load. */
const here: ReadonlyMap<string, Command> = new Map([
  ['complete', complete],
  ['completion', completion],
  ['doctor', doctor],
  ['logs', logs],
  ['ping', ping],
  ['prompts get', promptsGet],
  ['prompts list', promptsList],
  ['prompts show', promptsShow],
  ['resources list', resourcesList],
  ['resources read', resourcesRead],
  ['resources subscribe', resourcesSubscribe],
  ['resources templates', resourcesTemplates],
  ['rpc', rpc],
  ['run', run],
  ['servers check', doctor],
]);

type Load = () => Promise<Readonly<Record<string, unknown>>>;

/** The chunks of the others, by noun or by all words. A command is the export that its words spell: `authLogin` is `auth login`. */
const chunks: ReadonlyMap<string, Load> = new Map<string, Load>([
  ['auth', () => import('./commands/auth.ts')],
  ['bench', () => import('./commands/bench.ts')],
  ['config', () => import('./configuration.ts')],
  ['down', () => import('./commands/down.ts')],
  ['gateway', () => import('./commands/gateway.ts')],
  ['generate', () => import('./commands/generate.ts')],
  ['lint', () => import('./commands/lint.ts')],
  ['mock', () => import('./commands/mock.ts')],
  ['ps', () => import('./commands/ps.ts')],
  ['record', () => import('./commands/record.ts')],
  ['registry', () => import('./commands/registry.ts')],
  ['replay', () => import('./commands/replay.ts')],
  ['runs', () => import('./commands/runs.ts')],
  ['schema', () => import('./commands/schema.ts')],
  ['schema lock', () => import('./commands/schema-lock.ts')],
  ['schema verify', () => import('./commands/schema-lock.ts')],
  ['servers', () => import('./configuration.ts')],
  ['shell', () => import('./commands/shell.ts')],
  ['tasks', () => import('./commands/tasks.ts')],
  ['test', () => import('./commands/test.ts')],
  ['trace', () => import('./commands/trace.ts')],
  ['up', () => import('./commands/up.ts')],
  ['worker', () => import('./commands/worker.ts')],
]);

/** The command that these words name, loaded. */
export async function moreCommand(words: readonly string[]): Promise<Command | undefined> {
  const name = words.join(' ');
  const load = chunks.get(name) ?? chunks.get(words[0] ?? '');
  if (here.has(name) || load === undefined) return here.get(name);
  const spelled = name.replaceAll(/ (.)/g, (_space, letter: string) => letter.toUpperCase());
  return (await load())[spelled] as Command | undefined; // What is spelled like its words is a command: a test asks for each.
}
