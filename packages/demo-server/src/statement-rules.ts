const READING = ['SELECT', 'VALUES', 'WITH'];
const WRITING = ['ALTER', 'CREATE', 'DELETE', 'DROP', 'INSERT', 'REPLACE', 'UPDATE'];

/** What a read-only server answers to a statement that would change data. */
export const READ_ONLY: string =
  'This server is read-only: use SELECT, WITH, VALUES or EXPLAIN. ' +
  'Started with --writable, it also takes statements that change the data, in memory only.';

/**
 * Says why `sql` may not run, or undefined when its first words allow it.
 * Only listed statements pass, because SQLite runs some others (PRAGMA) while it merely prepares them.
 */
export function findRefusal(sql: string, writable: boolean): string | undefined {
  const statement = skipBlanks(sql);
  if (statement === '') return 'The query is empty. Try: SELECT * FROM users';
  const keyword = /^(?:EXPLAIN\s+(?:QUERY\s+PLAN\s+)?)?(\w*)/i.exec(statement)?.[1]?.toUpperCase() ?? '';
  if (READING.includes(keyword) || (writable && WRITING.includes(keyword))) return undefined;
  if (WRITING.includes(keyword)) return READ_ONLY;
  const allowed = writable ? [...READING, ...WRITING] : READING;
  return `Only ${allowed.join(', ')} and EXPLAIN of these run here, not: ${excerpt(statement)}`;
}

/** `sql` without the white space, semicolons and comments before its first statement. */
export function skipBlanks(sql: string): string {
  return sql.replace(/^(?:[\s;]|--[^\n]*|\/\*[^]*?(?:\*\/|$))+/, '');
}

function excerpt(statement: string): string {
  return statement.slice(0, 60).replaceAll(/\s+/g, ' ').trimEnd();
}
