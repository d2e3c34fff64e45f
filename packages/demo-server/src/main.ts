#!/usr/bin/env node
import process from 'node:process';
import { version } from './version.ts';

const HELP = `Usage: toolwire-demo-server [--writable]

A demonstration MCP server over stdin and stdout: SQL tools on two sample tables, users and orders.

  --writable  let execute_sql_query change the data; it lives in memory and is gone when the server stops
  --help      show this text
  --version   show the version
`;

const FLAGS = ['--writable', '--help', '--version'];

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !FLAGS.includes(flag));

if (unknown !== undefined) {
  process.stderr.write(`toolwire-demo-server: unknown argument ${unknown}; it takes ${FLAGS.join(', ')}\n`);
  process.exitCode = 2;
} else if (flags.includes('--help')) {
  process.stdout.write(HELP);
} else if (flags.includes('--version')) {
  process.stdout.write(`${version()}\n`);
} else {
  await serve({ writable: flags.includes('--writable') });
}

async function serve(options: { writable: boolean }): Promise<void> {
  // Loaded here, because the protocol package takes most of the start-up, and --help needs none of it.
  const [{ serveStdio }, { createDemoServer }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./demo-server.ts'),
  ]);
  serveStdio(() => createDemoServer(options), {
    onerror: (error) => process.stderr.write(`toolwire-demo-server: ${error.message}\n`),
  });
}
