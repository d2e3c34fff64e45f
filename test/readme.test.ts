import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';
import { reflex } from './servers/openai-reflex.ts';
import { startOpenAI } from './servers/openai.ts';
import { startReadmeServer } from './servers/readme-server.ts';

/** A fenced block below a line `<!-- test: what it shows -->`; the languages are `ts` and `sh`. */
interface Block {
  readonly name: string;
  readonly language: string;
  readonly code: string;
}

// Blocks run here: inside the repository, so that they find the packages as a user's program finds its own.
const folder = resolve('temp/readme');

/** What a README writes for "your server". Over HTTP a real server stands in for it. */
const placeholderUrl = /http:\/\/localhost:8000\/mcp/g;
const serverConfig = {
  mcpServers: { local: { command: process.execPath, args: [resolve('packages/demo-server/dist/main.js')] } },
};

const readmes = [
  'README.md',
  ...readdirSync('packages').map((name) => join('packages', name, 'README.md')),
  ...readdirSync('docs').map((name) => join('docs', name)),
]
  .filter((file) => file.endsWith('.md') && existsSync(file))
  .map((file) => ({ file, blocks: blocksOf(file) }))
  .filter(({ blocks }) => blocks.length > 0);

let server: Awaited<ReturnType<typeof startReadmeServer>>;
let model: Awaited<ReturnType<typeof startOpenAI>>;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'server_config.json'), JSON.stringify(serverConfig));
  server = await startReadmeServer();
  model = await startOpenAI(reflex); // What a README leaves to the environment.
  process.env['OPENAI_BASE_URL'] = model.url;
  process.env['OPENAI_API_KEY'] = 'none';
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await model.close();
});

it('the front page shows code that is run', () => {
  expect(blocksOf('README.md').length, 'no line <!-- test: name --> above a block of code').toBeGreaterThan(0);
});

describe.each(readmes)('the code in $file', ({ file, blocks }) => {
  it.each(blocks)('runs: $name', { timeout: 60_000 }, async ({ name, language, code }) => {
    const runBlock = { ts: runProgram, sh: runCommands }[language];
    expect(runBlock, `no way to run a block of ${language}`).toBeDefined();
    await runBlock?.(`${file} ${name}`.replaceAll(/\W+/g, '-'), code.replaceAll(placeholderUrl, server.url));
  });
});

/** Checks the types of a program, then runs it against the sources. */
async function runProgram(name: string, code: string): Promise<void> {
  const [program, config] = [`${name}.ts`, `${name}.tsconfig.json`];
  writeFileSync(join(folder, program), code);
  writeFileSync(
    join(folder, config),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { noEmit: true, composite: false },
      files: [program],
    }),
  );
  await runCommand(resolve('node_modules/.bin/tsc'), ['-p', config], { cwd: folder });
  await runCommand(process.execPath, ['--conditions=@toolwire/source', program], { cwd: folder });
}

/** Runs command lines one after the other, with the built `mcp` and `mcp-cli` on the path. */
async function runCommands(_name: string, code: string): Promise<void> {
  const PATH = [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter);
  await runCommand('sh', ['-e', '-c', code], { cwd: folder, env: { ...process.env, PATH } });
}

function blocksOf(file: string): Block[] {
  const marked = /^<!-- test: (?<name>.+) -->\s+```(?<language>\w+)\n(?<code>[\s\S]*?)^```/gm;
  return [...readFileSync(file, 'utf8').matchAll(marked)].map(({ groups }) => {
    const { name = '', language = '', code = '' } = groups ?? {};
    return { name, language, code };
  });
}
