import { describe, expect, test } from 'vitest';
import { findRefusal, READ_ONLY, skipBlanks } from './statement-rules.ts';

describe('a read-only server', () => {
  test.each([
    'SELECT 1',
    'select 1;',
    'VALUES (1)',
    'WITH one AS (SELECT 1) SELECT * FROM one',
    'EXPLAIN SELECT 1',
    'explain query plan select 1',
    '-- a comment\n/* and another */ ; SELECT 1',
  ])('lets %j pass', (sql) => {
    expect(findRefusal(sql, false)).toBeUndefined();
  });

  test.each(['INSERT INTO users VALUES (1)', 'drop table users', 'CREATE TABLE t (x)', 'EXPLAIN DELETE FROM users'])(
    'says how to write when it refuses %j',
    (sql) => {
      expect(findRefusal(sql, false)).toBe(READ_ONLY);
    },
  );

  test.each([
    'PRAGMA query_only = 0',
    'EXPLAIN PRAGMA query_only = 0',
    'EXPLAIN/**/PRAGMA x',
    'ATTACH "f" AS f',
    'hello',
  ])('names what is allowed when it refuses %j', (sql) => {
    expect(findRefusal(sql, false)).toBe(`Only SELECT, VALUES, WITH and EXPLAIN of these run here, not: ${sql}`);
  });

  test.each(['', '  \n;', '-- nothing', '/* open'])('suggests a query when it gets none: %j', (sql) => {
    expect(findRefusal(sql, false)).toMatch(/^The query is empty. Try: SELECT/);
  });
});

describe('a writable server', () => {
  test.each(['SELECT 1', 'INSERT INTO users VALUES (1)', 'EXPLAIN UPDATE users SET id = 1', 'DROP TABLE orders'])(
    'lets %j pass',
    (sql) => {
      expect(findRefusal(sql, true)).toBeUndefined();
    },
  );

  test.each(['PRAGMA foreign_keys = 0', 'ATTACH "f" AS f', 'VACUUM INTO "f"', 'BEGIN'])('still refuses %j', (sql) => {
    expect(findRefusal(sql, true)).toContain(sql);
  });
});

test('skipBlanks keeps comments and semicolons that come later', () => {
  expect(skipBlanks(" ; -- a\n/* b */SELECT '--', 1 /* c */;")).toBe("SELECT '--', 1 /* c */;");
});
