import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importsOf, modulesFrom } from './imports.ts';
import { runCommand } from './run-command.ts';

interface Tarball {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const oldestNode = await oldestNodeOfEngines();
const temporary = await mkdtemp(join(tmpdir(), 'toolwire-packaging-'));
const project = join(temporary, 'project');
const oldNodeFolder = join(temporary, 'old-node');

const runtimes = [
  { name: `Node ${process.versions.node}`, node: process.execPath },
  { name: `Node ${oldestNode}, the oldest that engines names`, node: join(oldNodeFolder, 'node_modules/.bin/node') },
];

/** What a user's first program does: connects to a server over stdio, calls a tool, closes. */
const program = `
import { connect } from '@toolwire/client-core';
const client = await connect({
  command: process.execPath,
  args: ['node_modules/@toolwire/demo-server/dist/main.js'],
});
const result = await client.callTool('execute_sql_query', { sql: 'SELECT 40 + 2 AS answer' });
await client.close();
console.log(result.text());
`;

const typedProgram = `
import { connect, type Tool } from '@toolwire/client-core';
const client = await connect(new URL('http://127.0.0.1/mcp'));
const tools: Tool[] = await client.listTools();
const text: string = (await client.callTool(tools[0]?.name ?? '')).text();
console.log(text);
`;

let tarballs: Tarball[] = [];

beforeAll(async () => {
  const folders = (await readdir('packages')).map((name) => join('packages', name));
  const workspaces = folders.flatMap((folder) => ['-w', folder]);
  const packed = await runCommand('npm', ['pack', '--json', '--pack-destination', temporary, ...workspaces]);
  tarballs = Object.values(JSON.parse(packed));
  await Promise.all([
    install(project, Object.fromEntries(tarballs.map(({ name, filename }) => [name, `file:../${filename}`]))),
    install(oldNodeFolder, { [nodeBinaryPackage()]: oldestNode }),
  ]);
  await writeFile(join(project, 'program.js'), program);
}, 180_000);

afterAll(() => rm(temporary, { recursive: true, force: true }));

describe('each tarball', () => {
  it('holds what runs and no test, build record or configuration', () => {
    const files = tarballs.flatMap(({ name, files: list }) => list.map(({ path }) => `${name}/${path}`));
    expect(files.filter((file) => /\.test\.|tsbuildinfo|tsconfig|\/temp\//.test(file))).toEqual([]);
    expect(tarballs.length).toBeGreaterThan(0);
  });

  it('names no path of the machine that built it', async () => {
    const texts = await Promise.all(
      tarballs.flatMap(installedFiles).map(async (file) => [file, await readFile(file, 'utf8')]),
    );
    const leaking = texts.filter(([, text]) => text?.includes(resolve('.')));
    expect(leaking.map(([file]) => file)).toEqual([]);
  });
});

it('client-core for the browser imports no Node module', () => {
  const root = join(project, 'node_modules/@toolwire/client-core/dist');
  const reached = modulesFrom('index.js', (path) => importsOf(readFileSync(join(root, path), 'utf8')));
  const specifiers = [...reached.values()].flat().map(({ specifier }) => specifier);
  expect(specifiers.filter((specifier) => specifier.startsWith('node:'))).toEqual([]);
  expect(reached.size).toBeGreaterThan(5);
});

it('client-core brings types that a strict project compiles with', async () => {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'dom', 'esnext.disposable'],
    types: [],
  };
  await writeFile(join(project, 'typed.ts'), typedProgram);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
  await runCommand(resolve('node_modules/.bin/tsc'), ['-p', '.'], { cwd: project });
});

describe.each(runtimes)('installed in an empty folder, on $name', ({ node }) => {
  it('client-core calls a tool of a server over stdio', async () => {
    const output = await runIn(node, node, ['program.js']);
    expect(output).toContain('42');
  });

  it('npx mcp --version prints the version', async () => {
    const output = await runIn(node, 'npx', ['mcp', '--version']);
    expect(output).toMatch(/\d+\.\d+\.\d+/);
  });

  it('mcp-cli tools list -s demo lists the tools of the embedded server', async () => {
    const output = await runIn(node, 'npx', ['mcp-cli', 'tools', 'list', '-s', 'demo']);
    expect(output).toContain('execute_sql_query');
  });
});

/** Runs a command in the project, with `node` as the Node that scripts find. */
function runIn(node: string, command: string, args: string[]): Promise<string> {
  const PATH = [dirname(node), process.env['PATH']].join(delimiter);
  return runCommand(command, args, { cwd: project, env: { ...process.env, PATH } });
}

async function install(folder: string, dependencies: Record<string, string>): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  await runCommand('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
}

/** The package that holds the Node binary for this platform. */
function nodeBinaryPackage(): string {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

async function oldestNodeOfEngines(): Promise<string> {
  const { engines } = JSON.parse(await readFile('packages/client-core/package.json', 'utf8'));
  return `${engines.node.replace('>=', '')}.0`;
}

function installedFiles({ name, files }: Tarball): string[] {
  return files.map(({ path }) => join(project, 'node_modules', name, path));
}
