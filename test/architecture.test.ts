import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, modulesFrom, relativeTargets, type Import } from './imports.ts';

/** The files of client-core, lowest floor first: a file imports only from its own floor or a lower one. */
const floors = [
  ['errors', 'signals', 'broadcast', 'counters', 'idle-timer'],
  ['retry', 'protocol/*', 'protocol/json-schema/*'],
  ['transport'],
  ['transports/*', 'auth/*'],
  ['peer', 'inbound', 'handlers', 'interceptor', 'interceptors/*'],
  [
    'session',
    'open-connection',
    'handshake',
    'input-required',
    'status',
    'supervisor',
    'crash-watch',
    'calls-under-way',
  ],
  [
    'client',
    'client-options',
    'call-stack',
    'watch-tools',
    'list-again',
    'target',
    'tool-index',
    'response-cache',
    'pagination',
    'subscriptions',
    'content',
    'tool-lock',
    'tool-lock-*',
  ],
  ['config', 'config-*', 'connect', 'events'],
  ['hub', 'hub-*', 'tool-search'],
  ['index', 'node', 'observe', 'load-config'],
];

/** Which of our packages each package may import. */
const arrows: Record<string, readonly string[]> = {
  'client-core': [],
  'demo-server': [],
  'client-ws': ['client-core'],
  'openai-bridge': ['client-core'],
  'gateway-client': ['client-core'],
  pipeline: ['client-core'],
  webhooks: [],
  testing: ['client-core', 'webhooks'],
  cli: [
    'client-core',
    'client-ws',
    'demo-server',
    'gateway-client',
    'openai-bridge',
    'pipeline',
    'testing',
    'webhooks',
  ],
};

/** Where client-core may reach for Node's built-in modules; everything else runs in a browser as it is. */
const nodeOnly = [
  'transports/http-node',
  'transports/stdio',
  'transports/spawn-server',
  'transports/process-group',
  'auth/callback',
  'auth/file-token-store',
  'auth/open-browser',
  'auth/pinned-fetch',
  'auth/private-addresses',
  'auth/keychain-token-store',
  'transports/secure-context',
  'load-config',
];

/** Where client-core may load the official client while it runs; everywhere else only its types are imported. */
const officialClientAtRunTime = ['auth/*'];

const longestFile = 320;

interface SourceFile {
  /** Path below src, without `.ts`. */
  readonly name: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

const packages = readdirSync('packages').map((name) => ({ name, files: sourcesOf(name) }));
const core = packages.find(({ name }) => name === 'client-core')?.files ?? [];
const coreByName = new Map(core.map((file) => [file.name, file]));

describe('client-core', () => {
  it('places every file on one floor', () => {
    expect(core.map(({ name }) => name).filter((name) => floorOf(name) === -1)).toEqual([]);
  });

  it('imports only from its own floor or a lower one', () => {
    const climbing = core.flatMap((file) =>
      ownImports(file)
        .filter((target) => floorOf(target) > floorOf(file.name))
        .map((target) => `${file.name} (floor ${floorOf(file.name)}) imports ${target} (floor ${floorOf(target)})`),
    );
    expect(climbing).toEqual([]);
  });

  it('imports only files that are in its own src', () => {
    const strays = core.flatMap((file) => ownImports(file).filter((target) => !coreByName.has(target)));
    expect(strays).toEqual([]);
  });

  it('reaches for Node only in the files that are listed for it', () => {
    const reaching = core.filter(({ imports }) => imports.some(isNodeModule)).map(({ name }) => name);
    expect(reaching.filter((name) => !isListed(nodeOnly, name))).toEqual([]);
  });

  it('imports no Node module statically from anything that index.ts reaches', () => {
    const reached = modulesFrom('index.ts', (path) => coreByName.get(path.replace(/\.ts$/, ''))?.imports ?? []);
    const offending = [...reached].filter(([, imports]) => imports.some(isNodeModule)).map(([path]) => path);
    expect(reached.size).toBeGreaterThan(1);
    expect(offending).toEqual([]);
  });

  it('takes only types from the official client', () => {
    const offending = core.flatMap(({ name, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith('@modelcontextprotocol/'))
        .filter(({ kind }) => kind !== 'type' && !(kind === 'dynamic' && isListed(officialClientAtRunTime, name)))
        .map(({ kind, specifier }) => `${name}: ${kind} import of ${specifier}`),
    );
    expect(offending).toEqual([]);
  });
});

describe.each(packages)('$name', ({ name, files }) => {
  it('imports only the packages below it', () => {
    const allowed = arrows[name];
    const imported = files.flatMap(({ imports }) => imports.map(({ specifier }) => specifier));
    const ours = imported.flatMap((specifier) => /^@toolwire\/([^/]+)/.exec(specifier)?.[1] ?? []);
    expect(allowed, `packages/${name} has no entry in the table of arrows`).toBeDefined();
    expect(ours.filter((target) => !allowed?.includes(target))).toEqual([]);
  });

  it(`holds no file of more than ${longestFile} lines`, () => {
    const long = files.filter(({ lines }) => lines > longestFile);
    expect(long.map((file) => `${file.name}: ${file.lines} lines`)).toEqual([]);
  });
});

function sourcesOf(packageName: string): SourceFile[] {
  const root = join('packages', packageName, 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const name = file.replaceAll('\\', '/').replace(/\.ts$/, '');
      return { name, lines: text.split('\n').length - 1, imports: importsOf(text) };
    });
}

function floorOf(name: string): number {
  return floors.findIndex((patterns) => isListed(patterns, name));
}

function isListed(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => posix.matchesGlob(name, pattern));
}

function isNodeModule({ kind, specifier }: Import): boolean {
  return kind !== 'type' && specifier.startsWith('node:');
}

function ownImports({ name, imports }: SourceFile): string[] {
  return relativeTargets(name, imports).map((target) => target.replace(/\.ts$/, ''));
}
