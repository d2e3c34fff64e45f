/** How servers are named: part of every help. */
export const targets: string = `Servers
  -s NAME              a configured server: of this folder, of the user, or of another program
  -s URL               a server at an address: http://localhost:8000/mcp
  -s gateway:URL/NAME  a server behind a gateway, or gateway:GATEWAY/NAME: mcp gateway --help
  -s demo              the built-in demonstration
  -s ./mcp.json#NAME   a server of that file
  -- COMMAND ARG…      a server that this command starts; stands last
  With none of these, every server of this folder and of the user is meant, and none of another program. This folder's
  file is server_config.json, mcp.json or .mcp.json, or the one named by --config FILE: mcp config --help.`;

export const options: string = `Options
  --json               the protocol's result as JSON; errors as one line of JSON on stderr
  -o, --output FORM    human, json, jsonl (a line each), yaml, md or raw
  -r                   only the text, or the bytes, as the server sent it: -o raw
  --pick PATH          a part of the result: rows[0].name, rows[*].id
  --config FILE        the configuration file
  --timeout TIME       for connecting and for the call: 500 (ms), 30s, 2m
  --header 'N: V'      a header for a URL; may be repeated
  --bearer-env NAME    a variable that holds the bearer token for a URL
  --ca FILE            the authority (PEM) that vouches for the server, instead of those known here
  --insecure-http      send credentials over http: to other machines
  --no-input           never ask anything on the terminal
  --trust              start what the file found in this folder says, without asking
  -v, --verbose        show what the server writes to stderr
  -h, --help           help for any command, and for any tool: mcp tools call NAME --help
  -V, --version        the version`;

export const exitCodes: string = `Exit codes
  0 done   1 the tool reports an error   2 wrong usage, arguments, name or configuration
  3 cannot connect   4 a credential is needed   5 a question of the server was declined   124 timeout   130 interrupted`;
