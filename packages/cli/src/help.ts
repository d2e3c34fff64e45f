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

const topics: ReadonlyMap<string, string> = new Map([
  ['', root],
  ['tools', root],
  ['tools list', list],
  ['tools show', show],
  ['tools call', call],
]);

/** The help for a noun, or a noun and a verb; that of everything when there is none for them. */
export function helpFor(words: readonly string[]): string {
  return topics.get(words.join(' ')) ?? root;
}
