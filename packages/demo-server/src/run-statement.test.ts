import { describe, expect, test } from 'vitest';
import { MAX_ROWS, runStatement } from './run-statement.ts';
import { openSqlite } from './sqlite.ts';
import { READ_ONLY } from './statement-rules.ts';

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';

describe('reading', async () => {
  const database = await openSqlite(false);
  const run = (sql: string) => runStatement(database, sql, false);

  test('returns columns, rows and nothing changed', () => {
    expect(run('SELECT COUNT(*) FROM users')).toEqual({
      columns: ['COUNT(*)'],
      rows: [[8]],
      truncated: false,
      changedRows: 0,
    });
  });

  test('keeps columns of the same name apart', () => {
    expect(run('SELECT 1 AS x, 2 AS x')).toMatchObject({ columns: ['x', 'x'], rows: [[1, 2]] });
  });

  test.each([
    ['NULL', null],
    ['1.5', 1.5],
    ["'text'", 'text'],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['9e999', 'Infinity'],
    ["x'00ff'", "x'00ff'"],
  ])('hands over %s as JSON can hold it', (expression, value) => {
    expect(run(`SELECT ${expression}`).rows).toEqual([[value]]);
  });

  test('stops at the row limit and says so', () => {
    const result = run(endless);
    expect(result.rows).toHaveLength(MAX_ROWS);
    expect(result.truncated).toBe(true);
  });

  test('returns as many rows as the limit without calling them cut', () => {
    expect(run(`${endless} LIMIT ${MAX_ROWS}`).truncated).toBe(false);
  });

  test('stops before the rows become too large', () => {
    const result = run('SELECT hex(zeroblob(200000)) FROM users');
    expect(result.rows).toHaveLength(2);
    expect(result.truncated).toBe(true);
  });

  test.each([
    ['SELECT hex(zeroblob(600000))', 'The first row is too large'],
    ['SELECT 1; DROP TABLE users', 'Only one statement runs per call. Send this one separately: DROP TABLE users'],
    ['SELECT * FROM user', 'SQL error: no such table: user. Tables: orders, users.'],
    ['SELECT nam FROM users', "SQL error: no such column: nam. get_table_schema lists a table's columns."],
    ['SELECT 1 +', 'SQL error: incomplete input'],
    ['WITH x AS (SELECT 1) DELETE FROM users', READ_ONLY],
    ['SELECT * FROM pragma_query_only(0)', 'SQL error: too many arguments'],
  ])('answers %s with advice', (sql, message) => {
    expect(() => run(sql)).toThrow(message);
  });

  test('ignores a comment after the statement', () => {
    expect(run('SELECT 1; -- done').rows).toEqual([[1]]);
  });
});

describe('writing', () => {
  test('counts the changed rows, also beyond the rows that are returned', async () => {
    const database = await openSqlite(true);
    const run = (sql: string) => runStatement(database, sql, true);
    expect(run('DELETE FROM orders WHERE user_id = 1').changedRows).toBe(4);
    expect(run(`CREATE TABLE numbers AS ${endless} LIMIT 1500`).columns).toEqual([]);
    expect(run('UPDATE numbers SET i = 0 RETURNING i')).toMatchObject({ truncated: true, changedRows: 1500 });
    expect(run('SELECT COUNT(*) FROM numbers WHERE i = 0').rows).toEqual([[1500]]);
  });

  test('ends at the size limit instead of taking all memory', async () => {
    const database = await openSqlite(true);
    const grow = endless.replace(/SELECT i FROM n$/, 'SELECT zeroblob(1000000) FROM n');
    expect(() => runStatement(database, `CREATE TABLE large AS ${grow}`, true)).toThrow('database or disk is full');
  });
});
