import { options, targets } from './common.ts';

export const list: string = `Usage: mcp tools list [SERVER…]

  mcp tools list                       every server of the configuration file
  mcp tools list github local          two of them
  mcp tools list -s http://localhost:8000/mcp
  mcp tools list -- npx -y my-server

A server that cannot be reached is told on stderr and hides no other; it is an error when none answers.

${targets}

${options}
`;

export const search: string = `Usage: mcp tools search TEXT

  mcp tools search create an issue
  mcp tools search "send message" -s slack --json

The ten tools that fit best by their names, titles and descriptions, over all servers that are meant; 1 when none does.

${targets}

${options}
`;

export const show: string = `Usage: mcp tools show NAME

  mcp tools show execute_sql_query -s demo

NAME is the tool's name, or SERVER/NAME where several servers have one of that name.

${targets}

${options}
`;

export const call: string = `Usage: mcp tools call NAME [--key value | key=value | key:=json | key=@file]…

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
  --lock FILE            call no tool that is not what it was locked as: mcp schema --help
  --save FILE|FOLDER     save images, sounds and files of the result
  --task, --detach       call it as a task; and leave that running: mcp tasks --help

${targets}

${options}
`;
