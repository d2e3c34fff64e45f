import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Io, Output } from '../../io.ts';
import { drawImages } from './draw-images.ts';
import { decodePng, readPngHeader, type Pixels } from './png.ts';
import { narrowed, toSixel } from './sixel.ts';

type Line = readonly number[];

const visible = (text: string): string => text.replaceAll('\u001b', '␛').replaceAll('\u0007', '␇');

/** A PNG of these lines of bytes, each after its filter. */
function png(
  about: { width: number; depth: number; colorType: number; interlace?: number },
  lines: readonly Line[],
  extra: Readonly<Record<string, Line>> = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(about.width, 0);
  header.writeUInt32BE(lines.length, 4);
  header.set([about.depth, about.colorType, 0, 0, about.interlace ?? 0], 8);
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const more = Object.entries(extra).map(([type, data]) => chunk(type, Buffer.from(data)));
  const data = deflateSync(Buffer.from(lines.flat()));
  const [one, two] = [data.subarray(0, 5), data.subarray(5)]; // Data may come in parts.
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    start,
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', one),
    chunk('IDAT', two),
    chunk('IEND', Buffer.of()),
  ]);
}

const pixelsOf = ({ rgba }: Pixels): string[] => Buffer.from(rgba).toString('hex').match(/.{8}/g) ?? [];

describe('a PNG is decoded', () => {
  test.each<[what: string, image: Buffer, pixels: string[]]>([
    ['RGB', png({ width: 2, depth: 8, colorType: 2 }, [[0, 255, 0, 0, 0, 0, 255]]), ['ff0000ff', '0000ffff']],
    ['RGBA', png({ width: 1, depth: 8, colorType: 6 }, [[0, 1, 2, 3, 4]]), ['01020304']],
    ['16 bits', png({ width: 1, depth: 16, colorType: 2 }, [[0, 255, 9, 128, 9, 0, 9]]), ['ff8000ff']],
    ['grey', png({ width: 1, depth: 8, colorType: 0 }, [[0, 128]]), ['808080ff']],
    ['grey and alpha', png({ width: 1, depth: 8, colorType: 4 }, [[0, 128, 7]]), ['80808007']],
    ['one bit', png({ width: 3, depth: 1, colorType: 0 }, [[0, 0b10100000]]), ['ffffffff', '000000ff', 'ffffffff']],
    ['four bits', png({ width: 2, depth: 4, colorType: 0 }, [[0, 0xf8]]), ['ffffffff', '888888ff']],
    [
      'a palette with opacity',
      png({ width: 2, depth: 2, colorType: 3 }, [[0, 0b01000000]], { PLTE: [1, 2, 3, 4, 5, 6], tRNS: [9] }),
      ['040506ff', '01020309'],
    ],
  ])('%s', (_what, image, pixels) => {
    expect(pixelsOf(decodePng(image))).toEqual(pixels);
  });

  test('with every filter of lines', () => {
    const plain = [10, 200, 30, 250, 5, 90];
    const [, a = 0, b = 0, c = 0] = [0, ...plain];
    const next = [7, 100, 222];
    const sub = [a, b, c, ...plain.slice(3).map((value, index) => (value - (plain[index] ?? 0)) & 255)];
    const up = [...next, ...next].map((value, index) => (value - (plain[index] ?? 0)) & 255);
    const before = [...next, ...next];
    const average = [...next, 1, 2, 3].map((value, index) => {
      const left = index < 3 ? 0 : (next[index - 3] ?? 0);
      return (value - ((left + (before[index] ?? 0)) >> 1)) & 255;
    });
    const image = png({ width: 2, depth: 8, colorType: 2 }, [
      [1, ...sub],
      [2, ...up],
      [3, ...average],
      [4, 0, 0, 0, 0, 0, 0],
    ]);
    const { rgba } = decodePng(image);
    const line = (y: number): number[] => [...rgba.subarray(y * 8, y * 8 + 8)].filter((_value, index) => index % 4 < 3);
    expect([line(0), line(1), line(2)]).toEqual([plain, before, [...next, 1, 2, 3]]);
    // Nothing differs from what Paeth foretells: above for the first pixel, then left, above or above to the left.
    expect(line(3).slice(0, 3)).toEqual(next);
  });

  test.each([
    ['no PNG', Buffer.from('GIF89a')],
    ['an interlaced one', png({ width: 1, depth: 8, colorType: 0, interlace: 1 }, [[0, 1]])],
    ['one cut short', png({ width: 5, depth: 8, colorType: 0 }, [[0, 1]])],
    ['one of no colour type', png({ width: 1, depth: 8, colorType: 5 }, [[0, 1]])],
    ['a bomb', png({ width: 1, depth: 8, colorType: 0 }, [[0, 1, ...Array.from({ length: 10_000 }, () => 0)]])],
  ])('but not %s', (_what, image) => {
    expect(() => decodePng(image)).toThrow();
  });
});

/** What a terminal would show of sixels: the colour of each pixel, or nothing. */
function readSixel(text: string): (string | undefined)[][] {
  const body = /^␛P[\d;]*q"1;1;(\d+);(\d+)([^␛]*)␛\\$/.exec(visible(text));
  const [width, height] = [Number(body?.[1]), Number(body?.[2])];
  const palette = new Map<string, string>();
  const pixels = Array.from({ length: height }, () => Array.from<string | undefined>({ length: width }));
  let [colour, x, top] = ['', 0, 0];
  for (const [token] of (body?.[3] ?? '').matchAll(/#\d+;2;\d+;\d+;\d+|#\d+|!\d+[?-~]|[$-]|[?-~]/g)) {
    const defined = /^#(\d+);2;(.+)$/.exec(token);
    const run = /^(?:!(\d+))?([?-~])$/.exec(token);
    if (defined !== null) palette.set(defined[1] ?? '', defined[2] ?? '');
    else if (token.startsWith('#')) colour = palette.get(token.slice(1)) ?? 'none';
    else if (token === '$') x = 0;
    else if (token === '-') [x, top] = [0, top + 6];
    else {
      for (let count = Number(run?.[1] ?? 1); count > 0; count--, x++) {
        for (let bit = 0; bit < 6; bit++) {
          const row = pixels[top + bit];
          if ((((run?.[2] ?? '?').charCodeAt(0) - 63) & (1 << bit)) !== 0 && row !== undefined) row[x] = colour;
        }
      }
    }
  }
  return pixels;
}

describe('sixels', () => {
  test('are the pixels of the image, in the nearest of 216 colours; what is transparent is left out', () => {
    const [width, height] = [9, 14];
    const rgba = new Uint8Array(width * height * 4);
    const levels = (x: number, y: number): number[] => [(x * 51) % 306, (y * 51) % 306, ((x + y) * 51) % 306];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) rgba.set([...levels(x, y), x === 4 ? 0 : 255], (y * width + x) * 4);
    const shown = readSixel(toSixel({ width, height, rgba }));
    expect(shown).toHaveLength(height);
    for (const [y, row] of shown.entries())
      for (const [x, colour] of row.entries())
        expect(colour).toBe(
          x === 4
            ? undefined
            : levels(x, y)
                .map((level) => (level / 51) * 20)
                .join(';'),
        );
  });

  test('count equal pixels, so that a plain image is short', () => {
    const rgba = new Uint8Array(600 * 600 * 4).fill(255);
    expect(toSixel({ width: 600, height: 600, rgba }).length).toBeLessThan(8_000);
  });

  test('are made narrower than the terminal, in proportion', () => {
    const image = { width: 100, height: 50, rgba: new Uint8Array(100 * 50 * 4) };
    expect(narrowed(image, 40)).toMatchObject({ width: 40, height: 20 });
    expect(narrowed(image, 200)).toBe(image);
  });
});

async function drawn(image: Buffer, env: Io['env']): Promise<string> {
  let text = '';
  const stdout: Output = { isTTY: true, columns: 80, write: (content, done) => ((text += String(content)), done()) };
  const io: Io = { stdout, stderr: stdout, stdin: (async function* () {})(), env, cwd: '/' };
  await drawImages([{ kind: 'image', mimeType: 'image/png', content: { base64: image.toString('base64') } }], io);
  return text;
}

/** A line that cannot be compressed. */
const noise = (width: number): Line[] => [[0, ...createHash('shake256', { outputLength: width * 3 }).digest()]];

describe('an image is drawn', () => {
  test('for kitty as the PNG itself, in parts that it takes', async () => {
    const image = png({ width: 4_000, depth: 8, colorType: 2 }, noise(4_000));
    const text = visible(await drawn(image, { TERM: 'xterm-kitty' }));
    const parts = [...text.matchAll(/␛_G([^;]*);([^␛]*)␛\\/g)];
    expect(parts[0]?.[1]).toBe('a=T,f=100,q=2,c=80,m=1');
    expect(parts.slice(1).map(([, keys]) => keys)).toEqual([...parts.slice(2).map(() => 'm=1'), 'm=0']);
    expect(parts.every(([, , part = '']) => part.length <= 4_096)).toBe(true);
    expect(Buffer.from(parts.map(([, , part]) => part).join(''), 'base64').equals(image)).toBe(true);
    expect(text.replaceAll(/␛_G[^␛]*␛\\/g, '')).toBe('\n');
  });

  test('for iTerm2 as it came', async () => {
    const image = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a photograph')]);
    const text = visible(await drawn(image, { TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }));
    const file = /^␛\]1337;File=inline=1;size=16:([\w+/=]+)␇\n$/.exec(text)?.[1] ?? '';
    expect(Buffer.from(file, 'base64').equals(image)).toBe(true);
  });

  test('for a terminal of sixels, no wider than it', async () => {
    const text = await drawn(png({ width: 4_000, depth: 8, colorType: 2 }, noise(4_000)), { TERM: 'foot' });
    expect(readSixel(text.trimEnd())[0]).toHaveLength(640);
  });

  test.each<[what: string, image: Buffer, env: Io['env']]>([
    ['nowhere else', png({ width: 1, depth: 8, colorType: 0 }, [[0, 1]]), { TERM: 'xterm' }],
    ['within tmux', png({ width: 1, depth: 8, colorType: 0 }, [[0, 1]]), { TERM: 'xterm-kitty', TMUX: 'x' }],
    [
      'where it is not wanted',
      png({ width: 1, depth: 8, colorType: 0 }, [[0, 1]]),
      { TERM: 'foot', MCP_IMAGES: 'off' },
    ],
    ['unless it is one', Buffer.from('\u001b]0;title\u0007'), { TERM: 'xterm-kitty' }],
    ['unless kitty takes it', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), { TERM: 'xterm-kitty' }],
    ['unless it can be decoded', png({ width: 5, depth: 8, colorType: 0 }, [[0, 1]]), { TERM: 'foot' }],
    ['unless it is too large', png({ width: 5_000_000, depth: 8, colorType: 0 }, [[0, 1]]), { TERM: 'xterm-kitty' }],
  ])('%s', async (_what, image, env) => {
    expect(await drawn(image, env)).toBe('');
  });
});

test('the head of a PNG is read from any part of a buffer', () => {
  const image = png({ width: 3, depth: 8, colorType: 0 }, [[0, 1, 2, 3]]);
  const within = Buffer.concat([Buffer.from('before'), image]).subarray(6);
  expect(readPngHeader(within)).toMatchObject({ width: 3, height: 1 });
});
