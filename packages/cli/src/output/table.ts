import { fitWidth, padWidth, widthOf } from './text-width.ts';
import { sanitizeLine } from './sanitize.ts';

const maxColumnWidth = 40;

/** Rows under the names of the servers that they are from. */
export interface Table {
  /** What the columns are called; the first names the row. */
  readonly head: readonly string[];
  readonly groups: readonly TableGroup[];
  /** What the rows are, in the plural: said where there is none. */
  readonly plural: string;
}

export interface TableGroup {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

/** One aligned line for each row; under a heading for each server when there are several. Lines are cut to `columns`. */
export function formatTable({ groups, plural }: Table, columns: number | undefined): string {
  const cells = groups.map(({ rows }) => rows.map((row) => row.map(sanitizeLine)));
  const widths = columnWidths(cells.flat());
  const isGrouped = groups.length > 1;
  const blocks = groups.map(({ name }, index) => {
    const lines = (cells[index] ?? []).map((row) => fitWidth(`${isGrouped ? '  ' : ''}${align(row, widths)}`, columns));
    return isGrouped ? [sanitizeLine(name), ...(lines.length > 0 ? lines : [`  (no ${plural})`])] : lines;
  });
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join(isGrouped ? '\n' : '');
}

/** The first sentence of a text, on one line. */
export function firstSentence(text: string): string {
  const line = sanitizeLine(text);
  // A dot ends a sentence when a capital follows, so that "e.g. this" stays whole.
  const end = /[.!?](?= +\p{Lu})/u.exec(line);
  return end === null ? line : line.slice(0, end.index + 1);
}

/** As wide as the widest cell; a very wide one is let stick out. */
function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, column) =>
    Math.min(maxColumnWidth, Math.max(0, ...rows.map((row) => widthOf(row[column] ?? '')))),
  );
}

function align(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => padWidth(cell, widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}
