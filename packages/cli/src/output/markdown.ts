import { sanitizeLine } from './sanitize.ts';
import type { Table } from './table.ts';

/** A table in Markdown; under a heading for each server when there are several. */
export function formatMarkdown({ head, groups, plural }: Table): string {
  const sections = groups.map(({ name, rows }) => {
    const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |\n`);
    const body = rows.length === 0 ? `No ${plural}.\n` : table.join('');
    return groups.length > 1 ? `## ${sanitizeLine(name)}\n\n${body}` : body;
  });
  return sections.join('\n');
}

function escapeCell(text: string): string {
  return sanitizeLine(text).replaceAll(/[\\|<]/g, (character) => `\\${character}`);
}
