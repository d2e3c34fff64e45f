import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
// A script without types.
// @ts-expect-error
import { cliPage } from '../scripts/cli-page.mjs';
import { runCommand } from './run-command.ts';

test('docs/resilience.md explains every error code, and none that does not exist', () => {
  const union =
    /type McpErrorCode =([^;]+);/.exec(readFileSync('packages/client-core/src/errors.ts', 'utf8'))?.[1] ?? '';
  const [, table = ''] = readFileSync('docs/resilience.md', 'utf8').split('## Every error code');
  const explained = [...table.matchAll(/^\| `(?<code>[a-z-]+)`/gm)].map(({ groups }) => groups?.['code']);
  const codes = [...union.matchAll(/'(?<code>[^']+)'/g)].map(({ groups }) => groups?.['code']);
  expect(codes.length).toBeGreaterThan(10);
  expect(new Set(explained)).toEqual(new Set(codes));
  expect(explained).toHaveLength(codes.length);
});

test('docs/cli.md is what the command says of itself (else: npm run cli-page)', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(cliPage());
});

test('docs/terminal.svg shows what the command prints (else: npm run record-terminal)', async () => {
  const picture = readFileSync('docs/terminal.svg', 'utf8').replaceAll('&gt;', '>').replaceAll('&lt;', '<');
  const sql = 'SELECT name, email FROM users LIMIT 3';
  expect(picture).toContain(`execute_sql_query -s demo --sql "${sql}"`);
  const mcp = fileURLToPath(new URL('bin/mcp.js', import.meta.resolve('@toolwire/cli/package.json')));
  const printed = await runCommand(process.execPath, [
    mcp,
    'tools',
    'call',
    'execute_sql_query',
    '-s',
    'demo',
    '--sql',
    sql,
  ]);
  for (const line of printed.trimEnd().split('\n')) expect(picture).toContain(`>${line}<`);
});
