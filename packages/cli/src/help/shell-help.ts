import { options, targets } from './common.ts';

export const shell: string = `Usage: mcp shell [SERVER…]

  mcp shell demo
  mcp shell -- npx -y my-server
  mcp shell local < lines.txt

Commands line by line, written as after mcp, on connections that stay open: tools list, tools call NAME --key value,
prompts get … . Short: tools, resources, prompts and tasks list; call, show, read and get are tools call, tools show,
resources read and prompts get. Quotes and backslashes are as in a shell; nothing is expanded. A line that names a server
with -s speaks to that one.

On a terminal Tab completes commands, flags, tools and their arguments; Ctrl-C stops what runs, and Ctrl-D or exit ends.
Lines are kept for the next time, but not those that begin with a space or look as if they held a secret. From a pipe each
line runs, and the first failure is the exit code.

${targets}

${options}
`;
