// The reference of the command, from its own help: `npm run cli-page` writes docs/cli.md.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { topics } from '../packages/cli/src/help.ts';
import { exitCodes, options, targets } from '../packages/cli/src/help/common.ts';

/** The page: every command once, and what all of them share at the end. */
export function cliPage() {
  const commands = [...topics].filter(isFirst).slice(1);
  const overview = withoutShared(topics.get(''));
  return `# The \`mcp\` command

What \`mcp --help\` and \`mcp help COMMAND\` print; made from there by \`npm run cli-page\`. [The README of the package](../packages/cli)
tells it in a row.

${fenced(overview)}
${commands.map(([words, text]) => `## mcp ${words}\n\n${fenced(withoutShared(text))}`).join('\n')}
## What all of them share

${fenced([targets, options, exitCodes].join('\n\n'))}`;
}

/** Nouns share a text with their only verb. */
function isFirst([, text], index, all) {
  return all.findIndex(([, other]) => other === text) === index;
}

function withoutShared(text) {
  return [targets, options, exitCodes].reduce((rest, shared) => rest.replace(shared, ''), text).trimEnd();
}

function fenced(text) {
  return `\`\`\`text\n${text}\n\`\`\`\n`;
}

const page = fileURLToPath(new URL('../docs/cli.md', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, cliPage());
