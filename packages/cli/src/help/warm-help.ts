import { options, targets } from './common.ts';

export const up: string = `Usage: mcp up [SERVER…] [--idle TIME]

  mcp up local
  mcp up --idle 30m -s https://example.com/mcp

Keeps servers connected: for each, a process of its own stays behind. Every command that speaks with such a server from
then on uses that connection by itself, if it is written the same way in the same folder: command, arguments,
environment, PATH and folder, or URL and headers. mcp doctor and mcp servers check never do.

The process ends when nobody has called for a while, with mcp down, and when its socket is removed. Nothing has to be
up: every command works without.

  --idle TIME          how long nobody may call: 500 (ms), 30s, 30m; default 5m

${targets}

${options}
`;

export const down: string = `Usage: mcp down SERVER… | --all

  mcp down local
  mcp down --all

Ends the connections that mcp up keeps, and their servers. They are named as mcp ps shows them.

  --all                all of yours
`;

export const ps: string = `Usage: mcp ps

The connections that mcp up keeps: name, process, age, how long nobody has called, requests so far, and the server;
what may be secret is shown as •••. With --json: {"connections": […]}, times in milliseconds.
`;
