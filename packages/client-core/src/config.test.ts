import { describe, expect, test } from 'vitest';
import { parseConfig, type ParseConfigOptions } from './config.ts';
import { isMcpError, type ConfigError } from './errors.ts';

const env = { TOKEN: 's3cret', EMPTY: '', HOST: 'example.com', ARG: '--fast' };

function parse(mcpServers: unknown): ReturnType<typeof parseConfig> {
  return parseConfig(JSON.stringify({ mcpServers }), { file: 'mcp.json', env });
}

function errorOf(text: string, options: ParseConfigOptions = { file: 'mcp.json', env }): ConfigError {
  try {
    parseConfig(text, options);
  } catch (error) {
    expect(isMcpError(error)).toBe(true);
    return error as ConfigError; // As just checked.
  }
  throw new Error('no error');
}

test('reads servers of both kinds in their order', () => {
  const servers = parse({
    zeta: {
      command: 'mxcp',
      args: ['serve', '--transport', 'stdio'],
      cwd: 'data',
      env: { A: 'b' },
      inheritEnv: ['PROXY'],
    },
    alpha: { url: 'https://example.com/mcp', headers: { Authorization: 'Bearer x' } },
    least: { command: 'server' },
  });
  expect(Object.keys(servers)).toEqual(['zeta', 'alpha', 'least']);
  expect(servers['zeta']).toEqual({
    command: 'mxcp',
    args: ['serve', '--transport', 'stdio'],
    cwd: 'data',
    env: { A: 'b' },
    inheritEnv: ['PROXY'],
  });
  expect(servers['alpha']).toEqual({ url: 'https://example.com/mcp', headers: { Authorization: 'Bearer x' } });
  expect(servers['least']).toEqual({ command: 'server' });
});

test('leaves out disabled servers, whatever is in them, and what editors add', () => {
  const servers = parse({
    off: { disabled: true, command: 5 },
    on: { type: 'stdio', command: 'a', args: null, disabled: false, autoApprove: ['x'], timeout: 5 },
    web: { disabled: false, url: 'http://localhost:8000/mcp', timeout: 5 },
  });
  expect({ ...servers }).toEqual({ on: { command: 'a' }, web: { url: 'http://localhost:8000/mcp' } });
});

test('reads how an address is reached: its certificates, as text, and whether credentials may travel unencrypted', () => {
  const readFile = (path: string): string => `-----BEGIN ${path}-----`;
  const tls = {
    ca: '${file:ca.pem}',
    cert: '${file:c.pem}',
    key: '${file:k.pem}',
    passphrase: '${TOKEN}',
    minVersion: null,
  };
  const entries = {
    a: { url: 'https://x/', tls, allowInsecureHttp: false },
    b: { url: 'http://x/', tls: { minVersion: 'TLSv1.3' }, allowInsecureHttp: true },
    c: { url: 'http://x/', tls: null, allowInsecureHttp: null },
  };
  const pem = { ca: '-----BEGIN ca.pem-----', cert: '-----BEGIN c.pem-----', key: '-----BEGIN k.pem-----' };
  expect({ ...parseConfig({ mcpServers: entries }, { file: 'mcp.json', env, readFile }) }).toEqual({
    a: { url: 'https://x/', tls: { ...pem, passphrase: 's3cret' }, allowInsecureHttp: false },
    b: { url: 'http://x/', tls: { minVersion: 'TLSv1.3' }, allowInsecureHttp: true },
    c: { url: 'http://x/' },
  });
});

describe('the wire of a URL', () => {
  test.each([
    [{ type: 'http' }, 'http'],
    [{ transport: 'streamable-http' }, 'http'],
    [{ type: 'streamableHttp' }, 'http'],
    [{ transport: 'STREAMABLE_HTTP' }, 'http'],
    [{ type: 'sse' }, 'sse'],
    [{ transport: 'SSE' }, 'sse'],
    [{ transport: 'post' }, 'post'],
    [{ transport: 'rest' }, 'rest'],
    [{ transport: 'auto' }, 'auto'],
    [{ type: 'http', transport: 'streamable-http' }, 'http'],
    [{ type: null }, undefined],
  ])('is read from %j', (named, transport) => {
    const url = 'http://localhost:8000/mcp';
    expect(parse({ a: { url, ...named } })['a']).toEqual({ url, ...(transport && { transport }) });
  });

  test.each([{}, { type: 'ws' }, { transport: 'websocket' }])('needs none for ws: %j', (named) => {
    expect(parse({ a: { url: 'ws://localhost/mcp', ...named } })['a']).toEqual({ url: 'ws://localhost/mcp' });
  });
});

test('reads numbers and booleans as values of the environment', () => {
  expect(parse({ a: { command: 'a', env: { PORT: 8080, DEBUG: true } } })['a']).toEqual({
    command: 'a',
    env: { PORT: '8080', DEBUG: 'true' },
  });
});

test('reads a file that begins with a byte order mark', () => {
  expect(parseConfig('\uFEFF{"mcpServers":{}}', { file: 'mcp.json' })).toEqual({});
});

test('treats __proto__ and constructor as names like any other', () => {
  const text = '{"mcpServers":{"__proto__":{"command":"a","env":{"__proto__":"b"}},"constructor":{"command":"c"}}}';
  const servers = parseConfig(text, { file: 'mcp.json' });
  expect(Object.keys(servers)).toEqual(['__proto__', 'constructor']);
  const [first] = Object.values(servers);
  expect(first).toMatchObject({ command: 'a' });
  expect(Object.entries((first as { env: object }).env)).toEqual([['__proto__', 'b']]);
  expect(servers['toString']).toBeUndefined();
});

describe('variables', () => {
  test('fill every string', () => {
    const { a, b } = parse({
      a: {
        command: '${HOST}',
        args: ['${ARG}=${env:TOKEN}', '$HOME ${} $${'],
        cwd: '/${HOST}',
        env: { T: '${TOKEN}' },
      },
      b: { url: 'https://${HOST}/mcp', headers: { Authorization: 'Bearer ${TOKEN}' } },
    });
    expect(a).toEqual({
      command: 'example.com',
      args: ['--fast=s3cret', '$HOME ${} $${'],
      cwd: '/example.com',
      env: { T: 's3cret' },
    });
    expect(b).toEqual({ url: 'https://example.com/mcp', headers: { Authorization: 'Bearer s3cret' } });
  });

  test.each([
    ['${UNSET:-default}', 'default'],
    ['${UNSET:-}', ''],
    ['${EMPTY:-default}', 'default'],
    ['${EMPTY}', ''],
    ['${HOST:-default}', 'example.com'],
    ['${env:UNSET:-a b}', 'a b'],
    ['a${HOST}b${HOST}c', 'aexample.combexample.comc'],
  ])('read %s as %j', (text, value) => {
    expect(parse({ a: { command: 'a', args: [text] } })['a']).toEqual({ command: 'a', args: [value] });
  });

  test('that are not set are an error that names file, path and variable', () => {
    const error = errorOf('{"mcpServers":{"github":{"command":"a","env":{"TOKEN":"x ${GITHUB_TOKEN}"}}}}');
    expect(error).toMatchObject({ code: 'config-invalid', file: 'mcp.json', path: 'mcpServers.github.env.TOKEN' });
    expect(error.message).toBe(
      'mcp.json: mcpServers.github.env.TOKEN uses ${GITHUB_TOKEN}, but the variable GITHUB_TOKEN is not set; set it, or write ${GITHUB_TOKEN:-default}.',
    );
    expect(errorOf('{"mcpServers":{"a":{"command":"${toString}"}}}').path).toBe('mcpServers.a.command');
    expect(errorOf('{"mcpServers":{"a":{"command":"${HOME}"}}}', { file: 'x' }).message).toContain('HOME is not set');
  });

  test('that only an editor can fill in are an error', () => {
    const error = errorOf('{"mcpServers":{"a":{"url":"http://x/","headers":{"T":"${input:token}"}}}}');
    expect(error.message).toBe(
      'mcp.json: mcpServers.a.headers.T uses ${input:token}, which only an editor can fill in; use ${env:NAME}.',
    );
  });
});

test.each([
  [{ a: 5 }, 'mcpServers.a', 'must be an object, not an integer'],
  [{ a: {} }, 'mcpServers.a', 'must have a "command" or a "url"'],
  [{ a: { command: 'a', url: 'http://x/' } }, 'mcpServers.a', 'has both "command" and "url"; keep one'],
  [{ a: { command: 5 } }, 'mcpServers.a.command', 'must be a string, not an integer'],
  [{ a: { command: ' ' } }, 'mcpServers.a.command', 'must not be empty'],
  [{ github: { command: 'a', args: ['-p', 80] } }, 'mcpServers.github.args[1]', 'must be a string, not an integer'],
  [{ a: { command: 'a', args: '-p' } }, 'mcpServers.a.args', 'must be an array of strings, not a string'],
  [{ a: { command: 'a', cwd: {} } }, 'mcpServers.a.cwd', 'must be a string, not an object'],
  [{ a: { command: 'a', env: ['A=b'] } }, 'mcpServers.a.env', 'must be an object of strings, not an array'],
  [{ a: { command: 'a', env: { B: null } } }, 'mcpServers.a.env.B', 'must be a string, not null'],
  [{ a: { command: 'a', inheritEnv: [true] } }, 'mcpServers.a.inheritEnv[0]', 'must be a string, not a boolean'],
  [{ 'my server': { url: 5 } }, 'mcpServers["my server"].url', 'must be a string, not an integer'],
  [{ a: { url: 'localhost:8000/mcp' } }, 'mcpServers.a.url', 'must be a whole URL, like http://localhost:8000/mcp'],
  [{ a: { url: '/mcp' } }, 'mcpServers.a.url', 'must be a whole URL, like http://localhost:8000/mcp'],
  [{ a: { url: 'http://x/', headers: { B: 5 } } }, 'mcpServers.a.headers.B', 'must be a string, not an integer'],
  [{ a: { url: 'https://x/', tls: 'ca.pem' } }, 'mcpServers.a.tls', 'must be an object, not a string'],
  [
    { a: { url: 'https://x/', tls: { ca: 'ca.pem' } } },
    'mcpServers.a.tls.ca',
    'must be the text of a PEM file, as ${file:ca.pem} gives it',
  ],
  [
    { a: { url: 'https://x/', tls: { cert: '-----BEGIN CERTIFICATE-----' } } },
    'mcpServers.a.tls',
    'must have "cert" and "key" together',
  ],
  [
    { a: { url: 'https://x/', tls: { passphrase: 5 } } },
    'mcpServers.a.tls.passphrase',
    'must be a string, not an integer',
  ],
  [
    { a: { url: 'https://x/', tls: { minVersion: 'TLSv1' } } },
    'mcpServers.a.tls.minVersion',
    'must be one of TLSv1.2, TLSv1.3, not "TLSv1"',
  ],
  [
    { a: { url: 'http://x/', allowInsecureHttp: 'yes' } },
    'mcpServers.a.allowInsecureHttp',
    'must be true or false, not a string',
  ],
  [
    { a: { url: 'http://x/', type: 'htpp' } },
    'mcpServers.a.type',
    'must be one of auto, http, streamable-http, sse, post, rest, not "htpp"',
  ],
  [{ a: { url: 'http://x/', transport: 5 } }, 'mcpServers.a.transport', 'must be a string, not an integer'],
  [{ a: { url: 'ws://x/', type: 'sse' } }, 'mcpServers.a.type', 'must be one of ws, websocket, not "sse"'],
  [
    { a: { url: 'http://x/', type: 'http', transport: 'sse' } },
    'mcpServers.a',
    'has a "type" and a "transport" that differ; keep one',
  ],
  [[], 'mcpServers', 'must be an object of servers, not an array'],
])('refuses %j', (mcpServers, path, problem) => {
  const error = errorOf(JSON.stringify({ mcpServers }));
  expect(error).toMatchObject({ name: 'ConfigError', code: 'config-invalid', delivered: 'no', file: 'mcp.json', path });
  expect(error.message).toBe(`mcp.json: ${path} ${problem}.`);
});

test.each(['{}', '[]', 'null', '{"servers":{}}'])('asks for mcpServers where there are none: %s', (text) => {
  expect(errorOf(text).message).toBe('mcp.json: mcpServers must be an object of servers, not missing.');
});

test('never shows a value, which may be a secret', () => {
  expect(errorOf('{"mcpServers":{"a":{"url":"${TOKEN}"}}}').message).not.toContain('s3cret');
});

test('reads comments and trailing commas, which are no part of strings', () => {
  const text = `// Ours, not generated.
    { "mcpServers": { /* one: */ "a": { "command": "a", "args": ["//x", "/* y */", ",]", "\\\\",], }, // last
    }, /* , */ }`;
  expect(parseConfig(text, { file: 'mcp.json' })).toEqual({
    a: { command: 'a', args: ['//x', '/* y */', ',]', '\\'] },
  });
});

test('says where a file is no JSON', () => {
  const error = errorOf('{\n  "mcpServers": {\n    /* , */ "a": { "command" "x" }\n  }\n}');
  expect(error).toMatchObject({ name: 'ConfigError', file: 'mcp.json', path: '' });
  expect(error.message).toBe('mcp.json:3:30: invalid JSON: expected a colon.');
  expect(errorOf('').message).toBe('mcp.json:1:1: invalid JSON: expected a value.');
  expect(errorOf('{"a": "s3cret"').message).toBe('mcp.json:1:15: invalid JSON: expected a comma or }.');
  expect(errorOf('{"a": /* open').message).toBe('mcp.json:1:7: invalid JSON: expected a value, and no comment.');
});

test('reads a value, and servers that stand elsewhere', () => {
  const options = { file: 'config.toml', path: ['mcp', 'servers'] };
  expect(parseConfig({ mcp: { servers: { a: { command: 'a' } } } }, options)).toEqual({ a: { command: 'a' } });
  expect(() => parseConfig({ mcp: { servers: { a: 5 } } }, options)).toThrow(
    'config.toml: mcp.servers.a must be an object, not an integer.',
  );
  expect(() => parseConfig({ mcp: [] }, options)).toThrow('mcp.servers must be an object of servers, not missing.');
});

describe('files and the home folder', () => {
  const texts: Readonly<Record<string, string>> = { 'token.txt': 's3cret\n', '/home/ada/key': 'a\r\nb\r\n' };
  const readFile = (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw new Error('does not exist');
    return text;
  };
  const read = (entry: object): ReturnType<typeof parseConfig>[string] | undefined =>
    parseConfig({ mcpServers: { a: entry } }, { file: 'mcp.json', env: { HOME: '/home/ada' }, readFile })['a'];

  test('fill every string, without the line end at the end of a file', () => {
    expect(read({ command: 'a', env: { T: 'x ${file:token.txt}', K: '${file:~/key}' } })).toMatchObject({
      env: { T: 'x s3cret', K: 'a\r\nb' },
    });
    expect(read({ url: 'http://x/', headers: { Authorization: 'Bearer ${file:token.txt}' } })).toMatchObject({
      headers: { Authorization: 'Bearer s3cret' },
    });
  });

  test('~ is the home folder where a path begins, and nowhere else', () => {
    expect(read({ command: '~/bin/a', cwd: '~', args: ['~/x'] })).toEqual({
      command: '/home/ada/bin/a',
      cwd: '/home/ada',
      args: ['~/x'],
    });
    expect(read({ command: 'a~/b', cwd: '~ada' })).toEqual({ command: 'a~/b', cwd: '~ada' });
  });

  test.each([
    ['${file:none.txt}', 'mcpServers.a.command uses ${file:none.txt}, which does not exist.'],
    ['${file:token.txt} ${input:x}', 'mcpServers.a.command uses ${input:x}, which only an editor can fill in'],
  ])('that cannot be had are an error: %s', (command, message) => {
    expect(() => read({ command })).toThrow(message);
  });

  test('are an error where there are none', () => {
    expect(errorOf('{"mcpServers":{"a":{"command":"${file:x}"}}}').message).toBe(
      'mcp.json: mcpServers.a.command uses ${file:x}, but files are not read here; use ${env:NAME}.',
    );
    expect(errorOf('{"mcpServers":{"a":{"command":"~/x"}}}').message).toContain('the home folder is not known');
  });
});
