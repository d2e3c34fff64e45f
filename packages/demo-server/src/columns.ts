import type { Database } from './database.ts';
import { formatTable } from './format-table.ts';
import { quoteText } from './tables.ts';

/** What a table says about one of its columns. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly primary_key: boolean;
  /** The SQL expression of the default value. */
  readonly default: string | null;
  /** Where a foreign key points, as `table.column`. */
  readonly references: string | null;
}

/** The columns of `table`, in their order. */
export async function describeColumns(database: Database, table: string, signal?: AbortSignal): Promise<Column[]> {
  const { rows } = await database.query(columnsOf(quoteText(table)), signal);
  return rows.map(([name, type, nullable, primaryKey, byDefault, references]) => ({
    name: String(name),
    type: String(type),
    nullable: nullable === 1,
    primary_key: primaryKey === 1,
    default: textOrNull(byDefault),
    references: textOrNull(references),
  }));
}

/** Lays out columns as plain text, one a line. */
export function formatColumns(columns: readonly Column[]): string {
  const rows = columns.map((column) => [column.name, column.type, describeRules(column)]);
  return formatTable(['column', 'type', 'rules'], rows);
}

function describeRules(column: Column): string {
  const rules = [
    column.primary_key && 'primary key',
    !column.nullable && !column.primary_key && 'not null',
    column.default !== null && `default ${column.default}`,
    column.references !== null && `references ${column.references}`,
  ];
  return rules.filter(Boolean).join(', ');
}

function columnsOf(table: string): string {
  return `
    SELECT c.name, c.type, c."notnull" = 0 AND c.pk = 0, c.pk > 0, c.dflt_value,
      (SELECT f."table" || '.' || coalesce(f."to", 'rowid') FROM pragma_foreign_key_list(${table}) f WHERE f."from" = c.name)
    FROM pragma_table_info(${table}) c`;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
