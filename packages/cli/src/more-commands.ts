import { batch } from './commands/batch.ts';
import { complete } from './commands/complete.ts';
import { completion } from './commands/completion.ts';
import { doctor } from './commands/doctor.ts';
import { logs } from './commands/logs.ts';
import { ping } from './commands/ping.ts';
import { promptsGet, promptsList, promptsShow } from './commands/prompts.ts';
import { resourcesSubscribe } from './commands/resources-subscribe.ts';
import { resourcesList, resourcesRead, resourcesTemplates } from './commands/resources.ts';
import { rpc } from './commands/rpc.ts';
import { serversList, serversShow } from './commands/servers.ts';
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
  ['run', batch],
  ['servers list', serversList],
  ['servers show', serversShow],
  ['servers check', doctor],
  ['doctor', doctor],
  ['completion', completion],
]);
