import { options, targets } from './common.ts';

export const tasks: string = `Usage: mcp tasks list [SERVER…]    what servers work on
       mcp tasks get ID            how far a task is
       mcp tasks wait ID           its result, once it has ended; with --timeout, no longer than that
       mcp tasks result ID         its result, if it has ended
       mcp tasks cancel ID         end it before it is done

  mcp tools call simulate-research-query --detach -s research --topic bees
  mcp tasks wait 786512e2 -s research

A task is a call that a server works on by itself (2025-11-25). A tool that can only be called so is called so by
mcp tools call; --task wants it of others, and --detach leaves the task running and prints its ID. Ctrl-C cancels a task
that its call waits for. Servers keep tasks for as long as they like: one that is started for each command forgets them
with it.

Ends with 1 when the task failed, with 5 when it was cancelled.

${targets}

${options}
`;
