import type { Tool } from '@toolwire/client-core';
import { sanitizeLine } from '../output/sanitize.ts';
import { firstSentence } from '../output/table.ts';
import type { ServerWords } from './server-words.ts';
import { shellWord } from './server-words.ts';
import { sorted } from './tool-types.ts';

/** A bash script that is a server as a command: its verbs are the tools. */
export function cliSource(server: string, tools: readonly Tool[], { before, after }: ServerWords): string {
  const named = sorted(tools);
  const width = Math.min(30, Math.max(0, ...named.map(({ name }) => name.length)));
  // Two spaces before each line: none of them can end the text.
  const lines = named.map(({ name, description = '' }) =>
    `  ${sanitizeLine(name).padEnd(width)}  ${firstSentence(description)}`.trimEnd(),
  );
  const calls = named.map(({ name }) => shellWord(name)).join(' | ');
  return `#!/usr/bin/env bash
# The tools of ${sanitizeLine(server)} as a command, by mcp generate cli: make it anew rather than change it.
# Needs mcp on the PATH: npm install --global @toolwire/cli
set -euo pipefail

usage() {
  printf 'Usage: %s TOOL [--key value]…\\n       %s TOOL --help\\n\\n' "\${0##*/}" "\${0##*/}"
  cat <<'END'
${lines.join('\n')}
END
}

case "\${1-}" in
${calls === '' ? '' : `${calls}) exec mcp tools call${before} "$@"${after} ;;\n`}'' | -h | --help) usage ;;
*)
  printf '%s: no tool is called "%s"\\n\\n' "\${0##*/}" "$1" >&2
  usage >&2
  exit 2
  ;;
esac
`;
}
