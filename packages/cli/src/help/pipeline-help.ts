import { options } from './common.ts';

export const run: string = `Usage: mcp run FILE.yaml [--input KEY=VALUE]… [--id ID]
       mcp run FILE|- [-j N]

  mcp run issues.yaml --input owner=myorg --id today
  mcp run issues.yaml --dry-run
  echo '{"tool": "echo", "arguments": {"message": "hi"}, "id": 1}' | mcp run - -s local
  mcp run calls.jsonl -j 4 > results.jsonl

A pipeline (.yaml, or a module that exports one) is checked with its servers, then carried out step by step. What is done
is written down as it is done: after a crash, the same command with the same --id, or mcp runs resume, goes on where it
was, and makes no call twice that must not be. On a terminal its steps are shown as they go; elsewhere each event is a
line of JSON. Ends with 1 where something is not done. Needs the package @toolwire/pipeline.

  --input KEY=VALUE    or KEY:=JSON, KEY=@FILE; may be repeated
  --id ID              of the run; default a new one
  --dry-run            check it, show its steps, call nothing
  --concurrency N      how many calls are under way at once
  --detach             leave it to a worker (mcp worker), and print its id
  --db URL             runs are kept on PostgreSQL; default MCP_PIPELINE_DB, else:
  --dir FOLDER         runs are kept in that folder; default .mcp/pipeline

A batch: each line is a call, {"tool": …, "arguments": {…}}, or {"method": …, "params": {…}}; with "server" where several
are meant. Each server is connected to once. A line of JSON is printed for each, in their order: {"line": …, "result": …}
or {"line": …, "error": …}, with the "id" that it had. Ends with 1 when one of them failed; a line that cannot be read
stops all before the first is sent.

  -j, --jobs N         how many are under way at once; default 1

${options}
`;

export const runs: string = `Usage: mcp runs ls
       mcp runs show ID [--html FILE]
       mcp runs resume | cancel ID
       mcp runs retry ID [--from STEP] [--unknown done|again]
       mcp runs answer ID STEP yes|no|JSON
       mcp runs prune [--older-than TIME]

The runs of pipelines: mcp run FILE.yaml makes them. resume goes on with one that was interrupted or cancelled; retry makes
another attempt at one that has ended, in which what is done stays done. answer is for a step that waits for a person, or
for an event.

  --html FILE          the run as a picture: a page with a bar for each step and item
  --from STEP          this step and those after it anew; calls that must not happen twice are looked for first
  --unknown WORD       calls whose fate is not known are "done", or made "again"
  --older-than TIME    forget those that ended before: 12h is written 720m; default 30d
  --all                ls: also the runs that runs have started
  --db URL, --dir FOLDER
                       where the runs are kept, as for mcp run
  --force              replace FILE

${options}
`;

export const worker: string = `Usage: mcp worker --db URL

  mcp worker --db postgres://localhost/runs

Carries out runs that were started with mcp run --detach on the same database, and takes over those of workers that died.
Any number of workers may share one database. Runs until Ctrl-C; what it was at is taken over by another.
`;
