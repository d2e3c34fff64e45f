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

/** The commands that a call of a tool does not wait for, in one chunk: each split more would cost the others a file to load. */
export const moreCommands: ReadonlyMap<string, Command> = new Map([
  ['resources list', resourcesList],
  ['resources read', resourcesRead],
  ['resources templates', resourcesTemplates],
  ['resources subscribe', resourcesSubscribe],
  ['prompts list', promptsList],
  ['prompts show', promptsShow],
  ['prompts get', promptsGet],
  ['complete', complete],
  ['ping', ping],
  ['logs', logs],
  ['rpc', rpc],
  ['run', run],
  ['runs ls', async (context) => (await import('./commands/runs.ts')).runsList(context)],
  ['runs show', async (context) => (await import('./commands/runs.ts')).runsShow(context)],
  ['runs resume', async (context) => (await import('./commands/runs.ts')).runsResume(context)],
  ['runs retry', async (context) => (await import('./commands/runs.ts')).runsRetry(context)],
  ['runs cancel', async (context) => (await import('./commands/runs.ts')).runsCancel(context)],
  ['runs answer', async (context) => (await import('./commands/runs.ts')).runsAnswer(context)],
  ['runs prune', async (context) => (await import('./commands/runs.ts')).runsPrune(context)],
  ['worker', async (context) => (await import('./commands/worker.ts')).worker(context)],
  ['servers list', async (context) => (await import('./configuration.ts')).serversList(context)],
  ['servers show', async (context) => (await import('./configuration.ts')).serversShow(context)],
  ['servers add', async (context) => (await import('./configuration.ts')).serversAdd(context)],
  ['servers remove', async (context) => (await import('./configuration.ts')).serversRemove(context)],
  ['servers import', async (context) => (await import('./configuration.ts')).serversImport(context)],
  ['servers install', async (context) => (await import('./configuration.ts')).serversInstall(context)],
  ['servers trust', async (context) => (await import('./configuration.ts')).serversTrust(context)],
  ['config path', async (context) => (await import('./configuration.ts')).configPath(context)],
  ['config validate', async (context) => (await import('./configuration.ts')).configValidate(context)],
  ['config show', async (context) => (await import('./configuration.ts')).configShow(context)],
  ['servers check', doctor],
  ['gateway servers', async (context) => (await import('./commands/gateway.ts')).gatewayServers(context)],
  ['gateway health', async (context) => (await import('./commands/gateway.ts')).gatewayHealth(context)],
  ['registry search', async (context) => (await import('./commands/registry.ts')).registrySearch(context)],
  ['registry show', async (context) => (await import('./commands/registry.ts')).registryShow(context)],
  ['registry add', async (context) => (await import('./commands/registry.ts')).registryAdd(context)],
  ['shell', async (context) => (await import('./commands/shell.ts')).shell(context)],
  ['tasks list', async (context) => (await import('./commands/tasks.ts')).tasksList(context)],
  ['tasks get', async (context) => (await import('./commands/tasks.ts')).tasksGet(context)],
  ['tasks result', async (context) => (await import('./commands/tasks.ts')).tasksResult(context)],
  ['tasks cancel', async (context) => (await import('./commands/tasks.ts')).tasksCancel(context)],
  ['tasks wait', async (context) => (await import('./commands/tasks.ts')).tasksWait(context)],
  ['auth login', async (context) => (await import('./commands/auth.ts')).authLogin(context)],
  ['auth logout', async (context) => (await import('./commands/auth.ts')).authLogout(context)],
  ['auth status', async (context) => (await import('./commands/auth.ts')).authStatus(context)],
  ['auth token', async (context) => (await import('./commands/auth.ts')).authToken(context)],
  ['schema lock', async (context) => (await import('./commands/schema-lock.ts')).schemaLock(context)],
  ['schema verify', async (context) => (await import('./commands/schema-lock.ts')).schemaVerify(context)],
  ['schema save', async (context) => (await import('./commands/schema.ts')).schemaSave(context)],
  ['schema diff', async (context) => (await import('./commands/schema.ts')).schemaDiff(context)],
  ['lint', async (context) => (await import('./commands/lint.ts')).lint(context)],
  ['generate types', async (context) => (await import('./commands/generate.ts')).generateTypes(context)],
  ['generate client', async (context) => (await import('./commands/generate.ts')).generateClient(context)],
  ['generate cli', async (context) => (await import('./commands/generate.ts')).generateCli(context)],
  ['generate skill', async (context) => (await import('./commands/generate.ts')).generateSkill(context)],
  ['doctor', doctor],
  ['completion', completion],
  ['bench', async (context) => (await import('./commands/bench.ts')).bench(context)],
  ['mock', async (context) => (await import('./commands/mock.ts')).mock(context)],
  ['record', async (context) => (await import('./commands/record.ts')).record(context)],
  ['replay', async (context) => (await import('./commands/replay.ts')).replay(context)],
  ['up', async (context) => (await import('./commands/up.ts')).up(context)],
  ['down', async (context) => (await import('./commands/down.ts')).down(context)],
  ['ps', async (context) => (await import('./commands/ps.ts')).ps(context)],
  ['test', async (context) => (await import('./commands/test.ts')).test(context)],
  ['trace', async (context) => (await import('./commands/trace.ts')).trace(context)],
]);
