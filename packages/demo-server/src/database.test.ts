import { afterEach, expect, test } from 'vitest';
import { type Database, type DemoServerOptions, openDatabase } from './database.ts';

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n';
const countUsers = 'SELECT COUNT(*) FROM users';

const opened: Database[] = [];
afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())));

function open(options?: DemoServerOptions): Database {
  const database = openDatabase(options);
  opened.push(database);
  return database;
}

test('answers queries in their order', async () => {
  const database = open({ writable: true });
  const [before, , after] = await Promise.all([
    database.query('SELECT COUNT(*) FROM orders'),
    database.query('DELETE FROM orders'),
    database.query('SELECT COUNT(*) FROM orders'),
  ]);
  expect([before.rows, after.rows]).toEqual([[[20]], [[0]]]);
});

test('goes on after a failed statement with its data kept', async () => {
  const database = open({ writable: true });
  await database.query('DELETE FROM orders');
  await expect(database.query('SELECT * FROM nowhere')).rejects.toThrow('no such table');
  expect((await database.query('SELECT COUNT(*) FROM orders')).rows).toEqual([[0]]);
});

test('stops a query that runs too long, and answers the next one', async () => {
  const database = open({ queryTimeoutMs: 300 });
  await expect(database.query(endless)).rejects.toThrow('The query ran longer than 0.3 s and was stopped.');
  expect((await database.query(countUsers)).rows).toEqual([[8]]);
});

test('says that changes are lost when a query had to be stopped', async () => {
  const database = open({ writable: true, queryTimeoutMs: 300 });
  await expect(database.query(endless)).rejects.toThrow('the tables hold the sample data again');
});

test('stops a query that the caller gives up, and one that waits behind it runs', async () => {
  const database = open({ queryTimeoutMs: 60_000 });
  const caller = new AbortController();
  const given = database.query(endless, caller.signal);
  const waiting = database.query(countUsers);
  caller.abort(new Error('given up'));
  await expect(given).rejects.toThrow('given up');
  expect((await waiting).rows).toEqual([[8]]);
});

test('rejects what is running and what comes later when it closes', async () => {
  const database = open({ queryTimeoutMs: 60_000 });
  const running = database.query(endless);
  const rejected = expect(running).rejects.toThrow('The database is closed.');
  await database.close();
  await rejected;
  await expect(database.query(countUsers)).rejects.toThrow('The database is closed.');
});
