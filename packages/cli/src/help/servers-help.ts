import { options, targets } from './common.ts';

export const ping: string = `Usage: mcp ping [SERVER…]

  mcp ping
  mcp ping -s http://localhost:8000/mcp

How long each server takes to connect and to answer. It is an error when one of them does not.

${targets}

${options}
`;

export const logs: string = `Usage: mcp logs [SERVER…] [-f] [--level LEVEL]

  mcp logs -f --level warning
  mcp logs local -f --json | jq .data

The log messages that servers send while this runs: for a second after they connect, or with -f until Ctrl-C. What
a server writes to stderr is shown with -v.

  -f, --follow         until Ctrl-C
  --level LEVEL        debug, info, notice, warning, error, critical, alert or emergency, and what is worse

${targets}

${options}
`;

export const rpc: string = `Usage: mcp rpc METHOD [JSON|@FILE|-]

  mcp rpc tools/list -s demo
  mcp rpc resources/read '{"uri": "config://settings"}' -s local --pick contents[0].text

Sends any request of the protocol, and prints its result as it comes.

${targets}

${options}
`;

export const doctor: string = `Usage: mcp doctor [SERVER…]

  mcp doctor
  mcp doctor -s https://example.com/mcp

Walks the way to each server: configuration, command or DNS, port and TLS, handshake, credentials, tools. Says where it
ends and what to do. Ends with 0 when all is well.

${targets}

${options}
`;
