import { options, targets } from './common.ts';

export const servers: string = `Usage: mcp servers list | check [SERVER…]
       mcp servers show NAME
       mcp servers add NAME URL [--header 'N: V'] | NAME [--env KEY=VALUE] -- COMMAND ARG…
       mcp servers remove NAME
       mcp servers trust NAME…
       mcp servers import PROGRAM [NAME…]
       mcp servers install NAME --client PROGRAM

  mcp servers add docs https://example.com/mcp --header 'Authorization: Bearer \${DOCS_TOKEN}'
  mcp servers add files --user -- npx -y @modelcontextprotocol/server-filesystem ~/notes
  mcp servers import cursor github
  mcp servers install files --client claude-desktop --dry-run
  mcp servers install mine --client cursor -v DEBUG=true -- node server.js

list and show tell what is configured here, for this user and in other programs, and start nothing; what may be secret
is shown as •••. check connects to each, as mcp doctor does. trust allows what a file that was found in this folder
starts; one changed word of it is asked about again. install writes a server into another program's file: it shows the
change, asks, and keeps a copy of the file beside it.

PROGRAM is claude-desktop, claude-code, cursor, vscode, windsurf, codex, zed, gemini or opencode.

  --user               the file of the user, instead of that of this folder
  --env, -v KEY=VALUE  a variable of the command; may be repeated
  --transport WIRE     for an address: auto, http, sse, post or rest
  --force              replace a server that has this name
  --client PROGRAM     the program to install into
  --dry-run            only show the change
  --yes                do not ask
  --verbose            what -v is elsewhere

${targets}

${options}
`;

export const config: string = `Usage: mcp config path
       mcp config validate [FILE]
       mcp config show [--resolved]

  mcp config path                 every file that servers are looked for in; what comes first wins
  mcp config validate             what is wrong in them; ends with 2 for a file of ours, warns of those of other programs
  mcp config show                 the servers of each file, and which are hidden by others of the same name
  mcp config show --resolved      what is left of it, with variables and files filled in

What may be secret is shown as •••. The files are described in docs/configuration.md.

${targets}

${options}
`;
