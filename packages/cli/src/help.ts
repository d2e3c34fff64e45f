import { webhookHelp } from './commands/webhook-help.ts';
import { auth } from './help/auth-help.ts';
import { exitCodes, options, targets } from './help/common.ts';
import { config, servers } from './help/config-help.ts';
import { bench, mock, record, replay, test, trace } from './help/developers-help.ts';
import { gateway, registry } from './help/gateway-help.ts';
import { complete, prompts, resources } from './help/offers-help.ts';
import { chat, completion, openaiTools } from './help/other-help.ts';
import { generate, lint, schema } from './help/schema-help.ts';
import { run, runs, worker } from './help/pipeline-help.ts';
import { doctor, logs, ping, rpc } from './help/servers-help.ts';
import { shell } from './help/shell-help.ts';
import { tasks } from './help/tasks-help.ts';
import { call, list, search, show } from './help/tools-help.ts';
import { down, ps, up } from './help/warm-help.ts';
import { proxyHelp } from './proxy/help.ts';

const root = `mcp: call the tools of MCP servers, read their resources, use their prompts

  mcp tools list -s demo
  mcp tools call execute_sql_query -s demo --sql "SELECT COUNT(*) FROM users"

Commands
  mcp tools list [SERVER…]        the tools of one server, or of all
  mcp tools search TEXT           the tools that fit it best
  mcp tools show NAME             one tool in full
  mcp tools call NAME [ARG…]      call a tool
  mcp resources VERB              list, read, templates, subscribe
  mcp prompts VERB                list, show, get
  mcp complete REF ARG=START      values that an argument may take
  mcp ping [SERVER…]              how fast servers answer
  mcp logs [SERVER…]              the log messages of servers
  mcp rpc METHOD [JSON]           any request of the protocol
  mcp run FILE                    a pipeline that survives crashes, or a batch of calls
  mcp runs VERB                   ls, show, resume, retry, cancel, answer, prune: the runs of pipelines
  mcp worker --db URL             carries out runs that others have started
  mcp servers VERB                list, show, add, remove, import, install, trust, check
  mcp config VERB                 path, validate, show: the files that servers stand in
  mcp gateway VERB                servers, health: the servers behind MCP gateways
  mcp registry VERB               search, show, add: servers of the MCP Registry
  mcp shell [SERVER…]             commands line by line, on connections that stay open
  mcp tasks VERB                  list, get, wait, result, cancel
  mcp auth VERB                   login, logout, status, token
  mcp doctor [SERVER…]            what is wrong on the way to a server, and what to do
  mcp schema VERB                 lock, verify, save, diff: what the tools are, and whether they changed
  mcp lint [SERVER…]              how well a model will understand the tools
  mcp generate KIND SERVER        types, client, cli or skill for the tools
  mcp up | down | ps              keep servers connected between commands
  mcp test FILE…                  calls what files say, and compares the answers
  mcp trace -- COMMAND            shows what a host and a server say to each other
  mcp record FILE -- COMMAND      writes it down; mcp replay FILE plays it without the server
  mcp mock FILE                   a server that a file describes
  mcp bench NAME [ARG…]           calls a tool many times, and measures
  mcp completion SHELL            completes words in bash, zsh, fish and powershell
  mcp chat "…" --model MODEL      a model that may call the tools answers
  mcp openai tools [SERVER…]      the tools as OpenAI takes them
  mcp proxy URL | -- COMMAND      join hosts and servers over any wires: mcp proxy --help
  mcp webhook VERB                sign, verify, send and receive webhooks: mcp webhook --help

${targets}

${options}

${exitCodes}
`;

/** What there is help for: a noun, or a noun and a verb; the whole command under no words. */
export const topics: ReadonlyMap<string, string> = new Map([
  ['', root],
  ['tools', root],
  ['tools list', list],
  ['tools search', search],
  ['tools show', show],
  ['tools call', call],
  ['resources', resources],
  ['prompts', prompts],
  ['complete', complete],
  ['ping', ping],
  ['logs', logs],
  ['rpc', rpc],
  ['run', run],
  ['runs', runs],
  ['worker', worker],
  ['servers', servers],
  ['config', config],
  ['gateway', gateway],
  ['registry', registry],
  ['shell', shell],
  ['tasks', tasks],
  ['auth', auth],
  ['doctor', doctor],
  ['schema', schema],
  ['lint', lint],
  ['generate', generate],
  ['up', up],
  ['down', down],
  ['ps', ps],
  ['completion', completion],
  ['bench', bench],
  ['mock', mock],
  ['record', record],
  ['replay', replay],
  ['test', test],
  ['trace', trace],
  ['chat', chat],
  ['openai', openaiTools],
  ['openai tools', openaiTools],
  ['proxy', proxyHelp],
  ['webhook', webhookHelp],
]);

/** The help for a noun, or a noun and a verb; that of everything when there is none for them. */
export function helpFor(words: readonly string[]): string {
  const [noun = ''] = words;
  return topics.get(words.join(' ')) ?? topics.get(noun) ?? root;
}
