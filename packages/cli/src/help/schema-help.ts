import { options, targets } from './common.ts';

export const schema: string = `Usage: mcp schema lock [SERVER…] | verify [SERVER…] | save SERVER FILE | diff SERVER FILE

  mcp schema lock                      what the tools of every server are now, into mcp.lock.json
  mcp schema verify                    ends with 1 when one of them is not what it was, and says in which field
  mcp tools call --lock mcp.lock.json NAME …
  mcp schema save github github.json   the tools of one server
  mcp schema diff github github.json   or of two servers, or of two files

A definition is a tool's name, title, description, schemas and annotations. The order of tools and keys makes no
difference. mcp tools, chat, run and openai with --lock FILE call no tool that is not what it was locked as, and
show none that is not locked. Commit mcp.lock.json, and let CI run mcp schema verify.

  --file FILE          lock and verify: another file than mcp.lock.json
  --force              lock and save: replace what the file holds

${targets}

${options}
`;

export const lint: string = `Usage: mcp lint [SERVER…]

  mcp lint -s demo
  mcp lint --strict -- node server.mjs

Says how well a model will understand the tools of a server: missing and empty descriptions, vague, doubled and illegal
names, hidden text, unusable or huge schemas, missing annotations, how many tokens the list weighs, and what a conversion
for OpenAI loses. Ends with 1 when there is an error.

  --strict             warnings are errors

${targets}

${options}
`;

export const generate: string = `Usage: mcp generate types | client | cli | skill SERVER [--out FILE]

  mcp generate types demo --out demo-types.ts      the arguments and results of its tools, in TypeScript
  mcp generate client demo --out demo.ts           a typed function for each tool, over @toolwire/client-core
  mcp generate cli demo --out ./demo               a command whose verbs are the tools, in bash
  mcp generate skill demo --out SKILL.md           how an agent uses the tools by mcp

The same tools give the same text, whenever and wherever it is made. Without --out it goes to stdout.

  --out FILE           write this file
  --force              replace it

${targets}

${options}
`;
