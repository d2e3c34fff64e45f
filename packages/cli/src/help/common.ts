/** How servers are named: part of every help. */
export const targets: string = `Servers
  -s NAME              a server of the configuration file
  -s URL               a server at an address: http://localhost:8000/mcp
  -s demo              the built-in demonstration
  -s ./mcp.json#NAME   a server of that file
  -- COMMAND ARG…      a server that this command starts; stands last
  With none of these, every server of the configuration file is meant. It is server_config.json, mcp.json or
  .mcp.json in this folder, or the one named by --config FILE.`;

export const options: string = `Options
  --json               the protocol's result as JSON; errors as one line of JSON on stderr
  -o, --output FORM    human, json, jsonl (a line each), yaml, md or raw
  -r                   only the text, or the bytes, as the server sent it: -o raw
  --pick PATH          a part of the result: rows[0].name, rows[*].id
  --config FILE        the configuration file
  --timeout TIME       for connecting and for the call: 500 (ms), 30s, 2m
  --header 'N: V'      a header for a URL; may be repeated
  --no-input           never ask anything on the terminal
  -v, --verbose        show what the server writes to stderr
  -h, --help           help for any command, and for any tool: mcp tools call NAME --help
  -V, --version        the version`;

export const exitCodes: string = `Exit codes
  0 done   1 the tool reports an error   2 wrong usage, arguments, name or configuration
  3 cannot connect   4 a credential is needed   5 a question of the server was declined   124 timeout   130 interrupted`;
