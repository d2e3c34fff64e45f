import { generateSecret, verifyWebhook } from '@toolwire/webhooks';
import { createWebhookSender } from '@toolwire/webhooks/sender';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHttpServer, type TestServer } from '../../test-fixtures/http-server.ts';
import { folderWith, input, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';
import type { Io } from '../io.ts';

const secret = generateSecret();
const env = { SECRET: secret, OTHER: generateSecret(), SHORT: 'whsec_c2hvcnQ=', TEXT: 'a text of more than 24 bytes' };
const body = '{"hello":"wörld"}';

function webhook(argv: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
  return runCli(['webhook', ...argv], { env, cwd: folderWith({ 'event.json': body }), ...io });
}

const withSecret = ['--secret-env', 'SECRET'];

test.each([[[]], [['--help']], [['-h']], [['help']], [['sign', '--help']], [['listen', '-h']]])(
  'mcp webhook %j prints help on stdout',
  async (argv) => {
    const { exitCode, stdout, stderr } = await webhook(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: mcp webhook VERB/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  },
);

describe('what is not understood is refused with exit code 2', () => {
  test.each<[argv: string[], message: string]>([
    [['lisen'], 'Unknown command "lisen"\n  Did you mean "listen"?'],
    [['constructor'], 'Unknown command "constructor"'],
    [['sign', '--secretenv', 'X'], 'Unknown flag --secretenv\n  Did you mean "--secret-env"?'],
    [['sign', '--port', '1'], 'Unknown flag --port'],
    [['sign', '--secret-env'], '--secret-env needs a value'],
    [['sign', '--json=1'], '--json takes no value'],
    [['sign', 'event.json'], 'Name the variable that holds the secret: --secret-env NAME'],
    [['sign', 'event.json', '--secret-env', 'NONE'], 'The variable NONE is not set'],
    [['sign', 'event.json', '--secret-env', 'SHORT'], 'The key after whsec_ has 5 bytes'],
    [['sign', 'event.json', '--secret-env', 'TEXT'], 'A signing secret starts with whsec_'],
    [['sign', ...withSecret], 'Name one file: mcp webhook sign FILE'],
    [['sign', 'a', 'b', ...withSecret], 'Name one file: mcp webhook sign FILE'],
    [['sign', 'none.json', ...withSecret], 'Cannot read none.json: it does not exist'],
    [['sign', 'event.json', '--at', 'noon', ...withSecret], '--at wants a whole number up to 999999999999, not "noon"'],
    [['sign', 'event.json', '--id', 'a.b', ...withSecret], 'The id must be'],
    [['verify', 'event.json', '--header', 'nonsense', ...withSecret], "--header wants 'Name: value'"],
    [['verify', 'event.json', '--scheme', 'none', ...withSecret], 'There is no scheme "none"'],
    [['secret', 'x'], 'takes no arguments'],
    [['send', ...withSecret], 'Name the endpoint'],
    [['send', 'http://93.184.215.14/', ...withSecret], 'it is http to a public address'],
    [['send', 'https://10.0.0.1/', ...withSecret], 'it is https to a private address'],
    [['send', 'http://127.0.0.1:9/', 'broken.txt', ...withSecret], 'broken.txt is not JSON in UTF-8'],
    [['listen', 'x', ...withSecret], 'takes no arguments'],
    [['listen', '--port', '70000', ...withSecret], '--port wants a whole number up to 65535'],
    [['listen', '--forward', 'ftp://x', ...withSecret], '--forward wants an http or https URL'],
    [['listen', '--secret-env', 'SHORT'], 'The key after whsec_ has 5 bytes'],
  ])('%j', async (argv, message) => {
    const cwd = folderWith({ 'event.json': body, 'broken.txt': '{"a":' });
    const { exitCode, stdout, stderr } = await webhook(argv, { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^mcp: /);
    expect(stderr).toContain(message);
    for (const value of Object.values(env)) expect(stderr).not.toContain(value);
  });
});

test('secret prints a new one each time, which signs', async () => {
  const { stdout } = await webhook(['secret']);
  expect(stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
  const { secret: other } = JSON.parse((await webhook(['secret', '--json'])).stdout) as { secret: string };
  expect(other).not.toBe(stdout.trim());
  expect((await webhook(['sign', 'event.json', '--secret-env', 'NEW'], { env: { NEW: other } })).exitCode).toBe(0);
});

describe('sign prints headers that verify', () => {
  test('as lines, for the bytes of a file as they are', async () => {
    const { exitCode, stdout } = await webhook([
      'sign',
      'event.json',
      '--id',
      'msg_1',
      '--at',
      '1700000000',
      ...withSecret,
    ]);
    expect(exitCode).toBe(0);
    const headers = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(': ', 2)),
    );
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000' });
    const options = { secrets: secret, now: () => 1_700_000_000_000 };
    expect(await verifyWebhook(Buffer.from(body), headers, options)).toMatchObject({ event: { hello: 'wörld' } });
  });

  test('with every secret that is named, as JSON, for standard input', async () => {
    const argv = ['sign', '-', '--json', ...withSecret, '--secret-env', 'OTHER'];
    const { stdout } = await webhook(argv, { stdin: input(body) });
    const headers = JSON.parse(stdout) as Record<string, string>;
    for (const secrets of [secret, env.OTHER]) await verifyWebhook(Buffer.from(body), headers, { secrets });
  });
});

describe('verify', () => {
  async function signed(): Promise<string> {
    const { stdout } = await webhook(['sign', 'event.json', '--id', 'msg_1', '--at', '1700000000', ...withSecret]);
    return folderWith({
      'event.json': body,
      'forged.json': '{"hello":"world"}',
      'headers.txt': stdout.replaceAll('\n', '\r\n'),
    });
  }

  const rows: [what: string, argv: string[], exitCode: number, stdout: string][] = [
    ['a right signature', ['event.json'], 0, 'valid: standard, id msg_1, signed at 2023-11-14T22:13:20.000Z\n'],
    ['the scheme that is named', ['event.json', '--scheme', 'mcp'], 0, 'valid: mcp, id msg_1'],
    ['other bytes', ['forged.json'], 1, 'invalid: signature_mismatch: '],
    ['another time', ['event.json', '--at', '1700000301'], 1, 'invalid: timestamp_too_old: '],
    ['another secret', ['event.json', '--secret-env', 'OTHER'], 1, 'invalid: signature_mismatch: '],
    ['a header that is there twice', ['event.json', '--header', 'webhook-id: x'], 1, 'invalid: malformed_header: '],
  ];

  test.each(rows)('says what is so with %s', async (_what, argv, exitCode, says) => {
    const secrets = argv.includes('--secret-env') ? [] : withSecret;
    const at = argv.includes('--at') ? [] : ['--at', '1700000000'];
    const outcome = await webhook(['verify', ...argv, '--header', '@headers.txt', ...at, ...secrets], {
      cwd: await signed(),
    });
    expect(outcome).toMatchObject({ exitCode, stderr: '' });
    expect(outcome.stdout.startsWith(says)).toBe(true);
  });

  test('takes a signature without any header as none', async () => {
    const { exitCode, stdout } = await webhook(['verify', 'event.json', '--json', ...withSecret]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, code: 'missing_signature' });
  });

  test('takes a text for a secret where a vendor does', async () => {
    const headers = [
      '--header',
      'X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    ];
    const cwd = folderWith({ hello: 'Hello, World!' });
    const argv = ['verify', 'hello', ...headers, '--scheme', 'github', '--secret-env', 'GITHUB', '--json'];
    const { stdout } = await webhook(argv, { cwd, env: { GITHUB: "It's a Secret to Everybody" } });
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, scheme: 'github' });
  });
});

/** A server of this machine that ends with the test. */
async function endpoint(...[listener]: Parameters<typeof startHttpServer>): Promise<TestServer> {
  const server = await startHttpServer(listener);
  onTestFinished(() => server.close());
  return server;
}

const answers =
  (status: number): Parameters<typeof startHttpServer>[0] =>
  (request, response) =>
    void request.resume().on('end', () => response.writeHead(status, { location: '/elsewhere' }).end());

describe('send', () => {
  test('delivers a sample event', async () => {
    const server = await endpoint(answers(204));
    const argv = ['send', server.url, '--id', 'evt_1', '--header', 'X-Team: kites', ...withSecret];
    expect(await webhook(argv)).toEqual({ exitCode: 0, stdout: 'delivered: 204, id evt_1\n', stderr: '' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers).toMatchObject({ 'x-team': 'kites', 'webhook-id': 'evt_1' });
  });

  test.each<[status: number]>([[302], [401], [410], [500]])('tries once: %i is not delivered', async (status) => {
    const server = await endpoint(answers(status));
    const outcome = await webhook(['send', server.url, 'event.json', ...withSecret]);
    expect(outcome).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `mcp: not delivered: the endpoint answers ${status}\n`,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('says why there is no answer', async () => {
    const { exitCode, stdout } = await webhook(['send', 'http://127.0.0.1:1/', '--json', ...withSecret]);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ delivered: false, status: null, failure: { code: 'ECONNREFUSED' } });
  });

  test('ends with 124 when the answer takes too long', async () => {
    const { url } = await endpoint(() => undefined);
    const { exitCode, stderr } = await webhook(['send', url, '--timeout', '100ms', ...withSecret]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 124, stderr: 'mcp: not delivered: No answer within 100 ms\n' });
  });

  test('ends with 130 on an interruption', async () => {
    const interruption = new AbortController();
    const { url } = await endpoint(() => interruption.abort());
    const outcome = await webhook(['send', url, ...withSecret], { interrupted: interruption.signal });
    expect(outcome).toMatchObject({ exitCode: 130, stderr: 'mcp: Interrupted\n' });
  });
});

interface Listener {
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly stop: () => Promise<number>;
}

/** `mcp webhook listen` until the test ends. */
async function listen(...argv: readonly string[]): Promise<Listener> {
  const interruption = new AbortController();
  const out = { stdout: '', stderr: '' };
  const write = (name: keyof typeof out): Io['stdout'] => ({
    write(text, done) {
      out[name] += text;
      done();
    },
  });
  const io = { interrupted: interruption.signal, stdout: write('stdout'), stderr: write('stderr') };
  const running = webhook(['listen', ...argv, ...withSecret], io);
  const stop = async (): Promise<number> => {
    interruption.abort();
    return (await running).exitCode;
  };
  onTestFinished(async () => void (await stop()));
  await expect.poll(() => out.stderr).toContain('listening on');
  const [, url = ''] = /listening on (http:\S+),/.exec(out.stderr) ?? [];
  return { url, stdout: () => out.stdout, stderr: () => out.stderr.split('\n').slice(1).join('\n'), stop };
}

describe('listen', () => {
  test('prints what is verified, each message once, and ends with 0 when it is told to', async () => {
    const { url, stdout, stderr, stop } = await listen('--json');
    for (const id of ['evt_1', 'evt_1', 'evt_2'])
      expect((await webhook(['send', url, 'event.json', '--id', id, ...withSecret])).exitCode).toBe(0);
    const lines = stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const event = { hello: 'wörld' };
    expect(lines).toMatchObject([
      { id: 'evt_1', scheme: 'standard', event },
      { id: 'evt_2', scheme: 'standard', event },
    ]);
    expect(stderr()).toBe('');
    expect(await stop()).toBe(0);
    expect((await webhook(['send', url, ...withSecret])).exitCode).toBe(3);
  });

  test('refuses what is forged, and says so', async () => {
    const { url, stdout, stderr } = await listen();
    const { stderr: told } = await webhook(['send', url, '--secret-env', 'OTHER']);
    expect(told).toContain('the endpoint answers 401');
    expect({ stdout: stdout(), stderr: stderr() }).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^mcp: refused: signature_mismatch: /) as unknown,
    });
  });

  test('shows nothing that a terminal would act on', async () => {
    const { url, stdout } = await listen();
    const evil = JSON.stringify({ event: '\u001b]0;x\u0007', text: '\u202e\u009b2J' });
    await webhook(['send', url, '-', ...withSecret], { stdin: input(evil) });
    expect(stdout()).toContain('\\u202e\\u009b2J');
    expect(stdout()).not.toMatch(/[[\p{Cf}\p{Cc}]--\n]/v);
  });

  test('passes on the bytes with their signature, and asks for another try until that succeeds', async () => {
    const bodies: string[] = [];
    const server = await endpoint((request, response) => {
      let received = '';
      request.on('data', (chunk) => (received += String(chunk)));
      request.on('end', () => response.writeHead(bodies.push(received) === 1 ? 500 : 200).end());
    });
    const { url, stderr } = await listen('--forward', server.url);
    const sender = createWebhookSender({ url, secrets: secret, allowLoopback: true, retryDelaysMs: [1] });
    expect(await sender.send(body).finished).toMatchObject({ type: 'delivered', attempts: 2 });
    await sender.close();
    expect(stderr()).toContain(`${new URL(server.url).origin} answers 500`);
    expect(bodies).toEqual([body, body]);
    for (const [index, { headers }] of server.requests.entries())
      await verifyWebhook(Buffer.from(bodies[index] ?? ''), headers, { secrets: secret });
  });

  test('says when its port is taken', async () => {
    const { url } = await listen();
    const { exitCode, stderr } = await webhook(['listen', '--port', new URL(url).port, ...withSecret]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('EADDRINUSE');
  });

  test('answers 413 to more than it takes', async () => {
    const { url } = await listen();
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(300_000) });
    expect(response.status).toBe(413);
  });
});
