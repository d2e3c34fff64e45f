import { options, targets } from './common.ts';

export const trace: string = `Usage: mcp trace -s NAME | -- COMMAND ARG…

  mcp trace -- node server.mjs                  in a host's configuration: "command": "mcp", "args": ["trace", "--", …]
  mcp tools call add --a 1 --b 2 -v -- mcp trace -- node server.mjs

Stands between a host on stdin and stdout and a server, passes every message as it is, and shows each in a line on
stderr: when, which way, and of an answer what it answers and how long that took. Credentials read [redacted].

  --pass-env NAME      a variable that the command gets besides PATH, HOME and the like; may be repeated
  -v, --verbose        messages whole; else they are cut to the terminal's width, or to 200 characters
  --json               a line of JSON for each message, with all of it

${targets}
`;

const listening = `  --listen ADDRESS     serve at http://127.0.0.1:PORT or ws://127.0.0.1:PORT, in place of stdin and stdout
  --token TOKEN        what hosts must send as Authorization: Bearer; made up and printed when missing
  --no-token           ask for none; on this machine only
  --host, --allow-host, --allow-origin   as for mcp proxy`;

export const record: string = `Usage: mcp record FILE -s NAME | -- COMMAND ARG…

  mcp tools list -- mcp record session.jsonl -- node server.mjs
  mcp replay session.jsonl

Stands between a host on stdin and stdout and a server, passes every message as it is, and writes it to FILE, which only
you may read: lines of JSON with the time in milliseconds, who sent it, and the message. Credentials read [redacted]:
configured headers and variables, and what is called or written like one; look before you give the file away.

  --append             add to FILE, for hosts that start a server more than once
  --force              replace FILE
  --pass-env NAME      a variable that the command gets besides PATH, HOME and the like; may be repeated

${targets}
`;

export const replay: string = `Usage: mcp replay FILE [--listen ADDRESS]

  mcp tools list -- mcp replay session.jsonl
  mcp replay session.jsonl --listen http://127.0.0.1:8080

A server that answers as the one of the recording did: a request like the recorded one with the same method and params,
in their order, the last of them also again. What was not recorded is answered with a JSON-RPC error that names it. A host
of any revision is served. FILE is what mcp record has written, or a recording of @toolwire/testing.

${listening}
`;

export const mock: string = `Usage: mcp mock FILE [--listen ADDRESS]

  mcp tools call price --item tea -- mcp mock shop.yaml
  mcp mock shop.yaml --listen http://127.0.0.1:8080

A server that FILE (YAML or JSON) describes: tools with schemas and answers, resources, prompts.

  tools:
    price:
      description: What an item costs
      inputSchema: { type: object, properties: { item: { type: string } }, required: [item] }
      answer:
        - { when: { item: tea }, structured: { price: 3 } }
        - { when: { item: milk }, error: { code: -32000, message: Sold out } }
        - { text: Nobody knows, isError: true, delay: 200ms }
  resources: { 'config://settings': { theme: dark } }
  prompts: { greet: { arguments: [name], text: 'Greet {name}' } }

Of several answers the first one is given whose "when" the arguments have. Arguments that do not fit the schema are
refused as a server would.

${listening}
`;

export const test: string = `Usage: mcp test FILE… [-s NAME | -- COMMAND ARG…]

  mcp test shop.test.yaml
  mcp test *.test.yaml --junit report.xml
  mcp test shop.test.yaml --filter price -- node server.mjs

Calls what each FILE (YAML or JSON) says, one call after the other over one connection to each server, and compares the
answers with what is expected. Ends with 1 when one of them is not as expected.

  servers:
    shop: { command: node, args: [server.mjs] }     as in a configuration; paths start from the folder of FILE
  tests:
    - name: tea costs three
      server: shop                                  needed where there are several; without it, -s or -- may name another
      tool: price
      arguments: { item: tea }
      expect:
        text: { contains: tea }                     or a text, or { matches: '^tea' }, or { equals: … }
        structured: { 'prices[0].value': 3 }        values by path, as for --pick
        schema: { type: object }                    for the same
        within: 500ms
    - tool: price
      arguments: {}
      expect: { isError: true }                     or { error: -32602 }, { error: { code: timeout, message: … } }
    - method: resources/list                        any request of the protocol

  --filter TEXT        only tests with this in their names
  --junit FILE         a report for CI systems; replaces an earlier one
  --force              lets it replace any other file
  --json               the report as JSON

${targets}
`;

export const bench: string = `Usage: mcp bench NAME [--key value | key=value | key:=json | key=@file]…

  mcp bench add --a 1 --b 2
  mcp bench -n 10000 -j 16 add --a 1 --b 2 -s http://localhost:8000/mcp
  mcp bench search text=tea --duration 10s --json --pick latencyMs.p99

Calls a tool again and again over one connection, and says how long that takes: p50, p90 and p99 of the calls that did
not fail, calls in a second, and failures by their code. Ends with 1 when a call failed. Arguments are written as for mcp
tools call. A tool that its server calls destructive is called only with --yes.

  -n, --calls N        how many calls; default 100, or as many as fit in --duration
  --duration TIME      for how long: 500 (ms), 30s, 2m
  -j, --jobs N         how many are under way at once; default 1
  --warm-up N          calls before, which do not count; default one for each job
  --yes                even if it may destroy things

${targets}

${options}
`;
