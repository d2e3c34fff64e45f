import { webhookHelp } from './commands/webhook-help.ts';
import { auth } from './help/auth-help.ts';
import { exitCodes, options, targets } from './help/common.ts';
import { mock, record, replay, trace } from './help/developers-help.ts';
import { complete, prompts, resources } from './help/offers-help.ts';
import { chat, completion, openaiTools } from './help/other-help.ts';
import { batch, doctor, logs, ping, rpc, servers } from './help/servers-help.ts';
import { call, list, show } from './help/tools-help.ts';
import { proxyHelp } from './proxy/help.ts';

const root = `mcp: call the tools of MCP servers, read their resources, use their prompts

  mcp tools list -s demo
  mcp tools call execute_sql_query -s demo --sql "SELECT COUNT(*) FROM users"

Commands
  mcp tools list [SERVER…]        the tools of one server, or of all
  mcp tools show NAME             one tool in full
  mcp tools call NAME [ARG…]      call a tool
  mcp resources VERB              list, read, templates, subscribe
  mcp prompts VERB                list, show, get
  mcp complete REF ARG=START      values that an argument may take
  mcp ping [SERVER…]              how fast servers answer
  mcp logs [SERVER…]              the log messages of servers
  mcp rpc METHOD [JSON]           any request of the protocol
  mcp run FILE|-                  a batch: lines of JSON in, lines of JSON out
  mcp servers VERB                list, show, check
  mcp auth VERB                   login, logout, status, token
  mcp doctor [SERVER…]            what is wrong on the way to a server, and what to do
  mcp completion SHELL            completes words in bash, zsh, fish and powershell
  mcp record FILE -- COMMAND      writes down what a host and a server say to each other
  mcp replay FILE                 a server that answers as the recorded one did
  mcp mock FILE                   a server that a file describes
  mcp trace -- COMMAND            shows it
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
  ['tools show', show],
  ['tools call', call],
  ['resources', resources],
  ['prompts', prompts],
  ['complete', complete],
  ['ping', ping],
  ['logs', logs],
  ['rpc', rpc],
  ['run', batch],
  ['servers', servers],
  ['auth', auth],
  ['doctor', doctor],
  ['completion', completion],
  ['mock', mock],
  ['record', record],
  ['replay', replay],
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
