/** What `mcp proxy --help` prints. */
export const proxyHelp = `Usage: mcp proxy URL | -- COMMAND ARG… | --config FILE [NAME…]

  mcp proxy https://example.com/mcp --header 'X-Client-Key: \${KEY}'      for a host that only starts commands
  mcp proxy --listen http://127.0.0.1:8080 -- npx -y my-server          for a host that only knows URLs
  mcp proxy --listen http://127.0.0.1:8080 --config mcp.json            several servers: /servers/NAME/mcp
  mcp proxy --listen ws://127.0.0.1:8080 http://localhost:8000/mcp      any wire to any wire

Without --listen the host speaks on stdin and stdout. Every host has a session of its own with the server, is told of
progress, changes and log messages, and can be asked; a session that the server has lost is opened again.

The server
  URL                    http:, https:, ws: or wss:; HTTP+SSE is found by itself
  -- COMMAND ARG…        a server that this command starts, once for each host; stands last
  --pass-env NAME        a variable that the command gets besides PATH, HOME and the like; may be repeated
  --config FILE, -s NAME servers of a configuration file
  --header 'N: V'        or N:V; may be repeated; \${NAME} is taken from the environment
  --header-file FILE     one header a line
  --bearer-env NAME      Authorization: Bearer, with the value of that variable
  --transport KIND       auto, http or sse
  --ca FILE              the authority (PEM) that vouches for the server, instead of those known here
  --insecure-http        send credentials over http: to other machines
  --timeout TIME         for connecting, and for a call without progress: 500 (ms), 30s, 2m. Default 15 s and 10 min

The tools
  --tools A,B            these and no others; * stands for any characters
  --ignore-tool NAME     not this one; may be repeated

Listening
  --listen ADDRESS       http://127.0.0.1:PORT serves /mcp and /sse, ws://127.0.0.1:PORT serves /ws
  --token TOKEN          what hosts must send as Authorization: Bearer or X-API-Key; made up and printed when missing
  --no-token             ask for none; on this machine only
  --host ADDRESS         listen for other machines too
  --allow-host NAME      a further name in the Host header
  --allow-origin ORIGIN  a web page that may use the proxy

  -v, --verbose          tell more on stderr
`;
