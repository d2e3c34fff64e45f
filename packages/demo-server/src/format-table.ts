import type { Value } from './run-statement.ts';

// A single long value must not pad every other row to its length.
const MAX_PADDING = 60;

/** Lays out rows under their column names as plain text for a terminal. */
export function formatTable(columns: readonly string[], rows: readonly (readonly Value[])[]): string {
  const cells = rows.map((row) => row.map(toCell));
  const header = columns.map(toCell);
  const widths = header.map((name, index) =>
    cells.reduce((width, row) => Math.min(MAX_PADDING, Math.max(width, row[index]?.length ?? 0)), name.length),
  );
  const toLine = (line: readonly string[]): string =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [header, widths.map((width) => '-'.repeat(width)), ...cells].map(toLine).join('\n');
}

function toCell(value: Value): string {
  // Control characters could move a terminal's cursor, and a line break would break the table.
  return String(value ?? 'NULL').replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
