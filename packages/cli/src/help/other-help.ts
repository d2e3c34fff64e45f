import { options, targets } from './common.ts';

export const completion: string = `Usage: mcp completion bash | zsh | fish | powershell

  eval "$(mcp completion bash)"        in ~/.bashrc
  eval "$(mcp completion zsh)"         in ~/.zshrc, after compinit
  mcp completion fish > ~/.config/fish/completions/mcp.fish
  mcp completion powershell | Out-String | Invoke-Expression

Completes commands, flags, the names of configured servers, and of their tools and arguments once mcp tools list has
shown those. No server is started for it.
`;

export const chat: string = `Usage: mcp chat "…" --model MODEL

  mcp chat "Who has ordered most?" --model gpt-5.4 -s demo
  OPENAI_BASE_URL=http://localhost:11434/v1 mcp chat "Add 2 and 3" --model qwen3 -- npx -y my-server
  git diff | mcp chat - --model gpt-5.4 --yes

One turn of a model that may call the tools of the servers. What it says goes to stdout, what it calls to stderr. Before
a call that may change something you are asked; where nobody can be asked, such a call is declined (exit code 5).
OPENAI_API_KEY is the key; OPENAI_BASE_URL is the address, if it is not OpenAI's.

  --model MODEL        the model's name
  --yes                allow every call
  --api chat|responses the interface; responses for OpenAI, chat for others
  --strict auto|off|require
                       whether the model is held to the tools' schemas; auto where nothing gets lost by it
  --json               the answer, and all calls with their results, as one JSON

${targets}

${options}
`;

export const openaiTools: string = `Usage: mcp openai tools [SERVER…]

  mcp openai tools -s demo
  mcp openai tools --api chat --json > tools.json

Shows which tools can be strict, what a conversion cannot carry over, and which tools are left out, and why. With
--json: {"tools": […], "report": {…}}, the tools as they go into a request.

  --api chat|responses the interface; default responses
  --strict auto|off|require
                       auto: strict where nothing gets lost by it; require: only tools that can be strict

${targets}

${options}
`;
