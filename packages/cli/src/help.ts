const targets = `Servers
  -s NAME              a server of the configuration file
  -s URL               a server at an address: http://localhost:8000/mcp
  -s demo              the built-in demonstration
  -s ./mcp.json#NAME   a server of that file
  -- COMMAND ARG…      a server that this command starts; stands last
  With none of these, every server of the configuration file is meant. It is server_config.json, mcp.json or
  .mcp.json in this folder, or the one named by --config FILE.`;

const options = `Options
  --json               the protocol's result as JSON; errors as one line of JSON on stderr
  --config FILE        the configuration file
  --timeout TIME       for connecting and for the call: 500 (ms), 30s, 2m
  --header 'N: V'      a header for a URL; may be repeated
  -v, --verbose        show what the server writes to stderr
  -h, --help           help for any command, and for any tool: mcp tools call NAME --help
  -V, --version        the version`;

const exitCodes = `Exit codes
  0 done   1 the tool reports an error   2 wrong usage, arguments, name or configuration
  3 cannot connect   4 a credential is needed   124 timeout   130 interrupted`;

const root = `mcp: call the tools of MCP servers

  mcp tools list -s demo
  mcp tools call execute_sql_query -s demo --sql "SELECT COUNT(*) FROM users"

Commands
  mcp tools list [SERVER…]        the tools of one server, or of all
  mcp tools show NAME             one tool in full
  mcp tools call NAME [ARG…]      call a tool
  mcp chat "…" --model MODEL      a model that may call the tools answers
  mcp openai tools [SERVER…]      the tools as OpenAI takes them
  mcp proxy URL | -- COMMAND      join hosts and servers over any wires: mcp proxy --help
  mcp webhook VERB                sign, verify, send and receive webhooks: mcp webhook --help

${targets}

${options}

${exitCodes}
`;

const list = `Usage: mcp tools list [SERVER…]

  mcp tools list                       every server of the configuration file
  mcp tools list github local          two of them
  mcp tools list -s http://localhost:8000/mcp
  mcp tools list -- npx -y my-server

A server that cannot be reached is told on stderr and hides no other; it is an error when none answers.

${targets}

${options}
`;

const show = `Usage: mcp tools show NAME

  mcp tools show execute_sql_query -s demo

NAME is the tool's name, or SERVER/NAME where several servers have one of that name.

${targets}

${options}
`;

const call = `Usage: mcp tools call NAME [--key value | key=value | key:=json | key=@file]…

  mcp tools call NAME --help           how this tool is called
  mcp tools call add --a 1 --b 2
  mcp tools call search --tags red --tags blue --filter.year 2026 --no-archived
  mcp tools call search --input '{"tags": ["red"]}'
  mcp tools call search filter:='{"year": 2026}' text=@notes.txt
  generate | mcp tools call --input - NAME

What follows NAME belongs to the tool first and to mcp second; options of ours before NAME are always ours.
Values take the type that the tool's schema names and no other: a string stays a string. They are checked before
anything is sent.

  --input JSON|@FILE|-   all arguments as JSON, from a file or from standard input
  --no-validate          send arguments that do not fit the schema

${targets}

${options}
`;

const chat = `Usage: mcp chat "…" --model MODEL

  mcp chat "Who has ordered most?" --model gpt-5.4 -s demo
  OPENAI_BASE_URL=http://localhost:11434/v1 mcp chat "Add 2 and 3" --model qwen3 -- npx -y my-server
  git diff | mcp chat - --model gpt-5.4 --yes

One turn of a model that may call the tools of the servers. What it says goes to stdout, what it calls to stderr. Before
a call that may change something you are asked; where nobody can be asked, such a call is declined (exit code 5).
OPENAI_API_KEY is the key; OPENAI_BASE_URL is the address, if it is not OpenAI's.

  --model MODEL        the model's name
  --yes                allow every call
  --api chat|responses the interface; responses for OpenAI, chat for others
  --strict auto|off|require
                       whether the model is held to the tools' schemas; auto where nothing gets lost by it
  --json               the answer, and all calls with their results, as one JSON

${targets}

${options}
`;

const openaiTools = `Usage: mcp openai tools [SERVER…]

  mcp openai tools -s demo
  mcp openai tools --api chat --json > tools.json

Shows which tools can be strict, what a conversion cannot carry over, and which tools are left out, and why. With
--json: {"tools": […], "report": {…}}, the tools as they go into a request.

  --api chat|responses the interface; default responses
  --strict auto|off|require
                       auto: strict where nothing gets lost by it; require: only tools that can be strict

${targets}

${options}
`;

const topics: ReadonlyMap<string, string> = new Map([
  ['', root],
  ['tools', root],
  ['tools list', list],
  ['tools show', show],
  ['tools call', call],
  ['chat', chat],
  ['openai', openaiTools],
  ['openai tools', openaiTools],
]);

/** The help for a noun, or a noun and a verb; that of everything when there is none for them. */
export function helpFor(words: readonly string[]): string {
  return topics.get(words.join(' ')) ?? root;
}
