import { options, targets } from './common.ts';

export const resources: string = `Usage: mcp resources list | templates [SERVER…]
       mcp resources read | subscribe URI

  mcp resources list
  mcp resources read config://settings -s local --pick theme
  mcp resources read picture://logo -s local --save logo.png
  mcp resources subscribe config://settings -s local

templates lists the patterns of further URIs that can be read. subscribe prints a line for each change until Ctrl-C.
Where several servers are meant, the one is asked that lists the URI, or whose template fits it.

  --save FILE|FOLDER     save what was read

${targets}

${options}
`;

export const prompts: string = `Usage: mcp prompts list [SERVER…]
       mcp prompts show NAME
       mcp prompts get NAME [--key value | key=value | key=@file]…

  mcp prompts get review --code @main.c --language C
  mcp prompts get NAME --help          the arguments of this prompt

Arguments are written as those of tools are: mcp tools call --help.

${targets}

${options}
`;

export const complete: string = `Usage: mcp complete PROMPT|TEMPLATE ARGUMENT=START [OTHER=VALUE…]

  mcp complete review language=p
  mcp complete 'greeting://{name}' name=a

Prints the values that the argument may take, one a line. OTHER=VALUE are arguments that are chosen already.

${targets}

${options}
`;
