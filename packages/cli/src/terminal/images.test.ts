import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { referenceServer } from '../../../../test/servers/launch.ts';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal, type OnTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { folderWith, runCli } from '../../test-fixtures/run-cli.ts';
import { decodePng, readPngHeader } from '../output/images/png.ts';

const { command, args = [] } = referenceServer('everything', ['stdio']);
const call = ['tools', 'call', 'get-tiny-image', '--', command, ...args];
let entry = '';

beforeAll(() => {
  entry = bundleCommand('images');
}, 60_000);

/** The terminals that a developer's own environment may speak of. */
const none = { TERM_PROGRAM: '', LC_TERMINAL: '', KITTY_WINDOW_ID: '', KONSOLE_VERSION: '' };

function show(env: Readonly<Record<string, string>>): OnTerminal {
  return onTerminal(['env', '-u', 'TMUX', '-u', 'STY', process.execPath, entry, ...call], { ...none, ...env });
}

const visible = (text: string): string => text.replaceAll('\u001b', '␛');

/** The image that the server sends, as --save keeps it. */
async function original(): Promise<Buffer> {
  const { stdout } = await runCli(['--json', ...call]);
  const { content } = JSON.parse(stdout) as { content: { type: string; data?: string }[] };
  return Buffer.from(content.find(({ type }) => type === 'image')?.data ?? '', 'base64');
}

describe.skipIf(!hasPseudoTerminal)('an image of a real server', () => {
  test('is drawn below the text where the terminal is kitty, bit for bit', async () => {
    const terminal = show({ TERM: 'xterm-kitty' });
    expect(await terminal.exitCode).toBe(0);
    const parts = [...visible(terminal.screen()).matchAll(/␛_G[^;]*;([\w+/=]+)␛\\/g)].map(([, part = '']) => part);
    const image = Buffer.from(parts.join(''), 'base64');
    expect(readPngHeader(image)).toMatchObject({ width: 20, height: 20 });
    expect(image.equals(await original())).toBe(true);
    expect(terminal.screen().indexOf('[image image/png')).toBeLessThan(terminal.screen().indexOf('\u001b_G'));
  });

  test('is drawn in sixels where the terminal says that it can', async () => {
    const terminal = show({ TERM: 'xterm' });
    await expect.poll(terminal.screen).toContain('\u001b[c');
    terminal.type('\u001b[?62;4;22c');
    expect(await terminal.exitCode).toBe(0);
    const { width, height } = decodePng(await original());
    expect(visible(terminal.screen())).toMatch(new RegExp(`␛P0;1;0q"1;1;${width};${height}#0;2;0;0;0.*␛\\\\`, 's'));
    expect(terminal.screen()).not.toContain('62;4;22c');
  });

  test.each([
    ['says that it cannot', '\u001b[?1;2c'],
    ['says nothing', ''],
  ])('is one line where the terminal %s', async (_what, answer) => {
    const terminal = show({ TERM: 'xterm' });
    await expect.poll(terminal.screen).toContain('\u001b[c');
    if (answer !== '') terminal.type(answer);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/\[image image\/png, \d/);
    expect(visible(terminal.screen())).not.toMatch(/␛[P_\]]/);
  });

  test('is one line, and nobody is asked, where TERM is dumb', async () => {
    const terminal = show({ TERM: 'dumb' });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).not.toContain('\u001b');
  });

  test('is saved and not drawn where that is wanted, and never drawn into a pipe', async () => {
    const save = join(folderWith({}), 'image.png');
    const words = [...call.slice(0, 3), '--save', save, ...call.slice(3)];
    const terminal = onTerminal([process.execPath, entry, ...words], { ...none, TERM: 'xterm-kitty' });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).not.toContain('\u001b_G');
    expect((await runCli(call, { env: { TERM: 'xterm-kitty' } })).stdout).not.toContain('\u001b');
  });
});
