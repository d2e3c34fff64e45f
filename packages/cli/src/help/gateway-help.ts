import { options } from './common.ts';

export const gateway: string = `Usage: mcp gateway servers list | show NAME
       mcp gateway servers add NAME URL
       mcp gateway servers remove | enable | disable NAME
       mcp gateway health [SERVER…]

  mcp gateway servers list --gateway http://localhost:4444 --bearer-env GATEWAY_TOKEN
  mcp gateway servers add docs https://example.com/mcp --server-header 'X-API-Key: \${DOCS_KEY}'
  mcp gateway health
  mcp tools list -s gateway:http://localhost:4444/docs --bearer-env GATEWAY_TOKEN
  mcp tools call search -s gateway:main/docs --query mcp

The servers behind an MCP gateway: ContextForge, LiteLLM, mcp-hub, mcp-proxy, microsoft/mcp-gateway, plain REST, or any MCP
endpoint as a gateway of one. What a gateway is, is found out by GET requests; what it cannot do is refused before anything
is sent. Without --gateway the configured ones are meant: "gateways" stands beside "mcpServers" in a configuration file, as

  "gateways": { "main": { "url": "http://localhost:4444", "headers": { "Authorization": "Bearer \${GATEWAY_TOKEN}" } } }

list of several gateways shows what can be called there: servers that are the same stand once, with the gateways that have
them. A gateway that does not answer is told on stderr, and hides no other. health ends with 3 when something is not well.

  --gateway URL|NAME   the gateway; may be repeated for list and health
  --bearer-env NAME    a variable that holds the gateway's token; --header 'N: V' for any other credential
  --dialect KIND       what it is, where that is not found: rest, context-forge, mcp-hub, mcp-proxy, litellm, microsoft,
                       registry or mcp-only
  --server-header 'N: \${VARIABLE}'
                       add: what the gateway shows to the server; may be repeated
  --transport WIRE     add: http, sse or websocket
  --description TEXT   add: what the server is for; --tag TAG may be repeated
  --force              add: change the server that has this name

${options}
`;

export const registry: string = `Usage: mcp registry search TEXT [--limit N]
       mcp registry show NAME[@VERSION]
       mcp registry add NAME[@VERSION] [--as NAME] [--set KEY=VALUE]…

  mcp registry search filesystem
  mcp registry show io.github.example/weather
  mcp registry add io.github.example/weather --as weather --set 'X-API-Key=\${WEATHER_KEY}'

Servers of the MCP Registry. add writes one into the file of this folder, or of the user, as mcp servers add does, and
starts nothing. What the server must be given is asked for on a terminal; a secret is not shown as it is typed, and an empty
answer leaves it to a variable. A server that is started here is a command: it is shown, and written only when you allow it.

  --set KEY=VALUE      a value that the server takes; a secret only as a variable: --set 'KEY=\${VARIABLE}'
  --as NAME            what it is called here; default the last part of its name
  --package            start it here although it also runs elsewhere
  --yes                allow the command without being asked
  --user               the file of the user, instead of that of this folder
  --force              replace a server that has this name
  --limit N            search: how many are found at most; default 30
  --registry URL       another registry, also MCP_REGISTRY; --bearer-env NAME or --header for its credential

${options}
`;
