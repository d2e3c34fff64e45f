/** An image, four bytes for each pixel: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** The head of a PNG. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly isInterlaced: boolean;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples of a pixel, by colour type: grey, RGB, palette, grey and alpha, RGBA. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What a PNG says of itself; `undefined` for anything else. */
export function readPngHeader(bytes: Uint8Array): PngHeader | undefined {
  if (bytes.length < 33 || signature.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colorType] = [view.getUint8(24), view.getUint8(25)];
  return { width, height, depth, colorType, isInterlaced: view.getUint8(28) !== 0 };
}

/** Decodes a PNG that is not interlaced; throws for one that is broken. */
export function decodePng(bytes: Uint8Array): Pixels {
  const header = readPngHeader(bytes);
  const samples = samplesOf[header?.colorType ?? -1];
  if (header === undefined || samples === undefined || header.isInterlaced) throw new Error('This PNG is not drawn');
  const { width, height, depth } = header;
  const chunks = chunksOf(bytes);
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const lineBytes = Math.ceil((width * samples * depth) / 8);
  const size = height * (lineBytes + 1);
  const raw = process.getBuiltinModule('node:zlib').inflateSync(data, { maxOutputLength: size });
  if (raw.length < size) throw new Error('This PNG is cut short');
  unfilter(raw, lineBytes, height, Math.max(1, (samples * depth) / 8));
  const dataOf = (name: string): Uint8Array | undefined => chunks.find(({ type }) => type === name)?.data;
  const colour = colourReader(header, dataOf('PLTE'), dataOf('tRNS'));
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const line = raw.subarray(y * (lineBytes + 1) + 1, (y + 1) * (lineBytes + 1));
    for (let x = 0; x < width; x++) rgba.set(colour(line, x * samples), (y * width + x) * 4);
  }
  return { width, height, rgba };
}

function chunksOf(bytes: Uint8Array): { type: string; data: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** Each line says how its bytes differ from their neighbours: to the left (a), above (b), and above to the left (c). */
function unfilter(raw: Uint8Array, lineBytes: number, height: number, step: number): void {
  const at = (index: number, isThere: boolean): number => (isThere ? (raw[index] ?? 0) : 0);
  for (let y = 0; y < height; y++) {
    const start = y * (lineBytes + 1) + 1;
    const filter = raw[start - 1];
    for (let x = 0; x < lineBytes; x++) {
      const index = start + x;
      const a = at(index - step, x >= step);
      const b = at(index - lineBytes - 1, y > 0);
      const c = at(index - lineBytes - 1 - step, y > 0 && x >= step);
      raw[index] = at(index, true) + ([0, a, b, (a + b) >> 1, paeth(a, b, c)][filter ?? 0] ?? 0);
    }
  }
}

function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}

type ReadColour = (line: Uint8Array, sample: number) => readonly [number, number, number, number];

/** How the samples of a pixel become a colour; 16 bits are cut to 8. */
function colourReader({ depth, colorType }: PngHeader, palette?: Uint8Array, opacity?: Uint8Array): ReadColour {
  const largest = 2 ** Math.min(depth, 8) - 1;
  const sampleAt = (line: Uint8Array, index: number): number => {
    if (depth >= 8) return line[index * (depth / 8)] ?? 0;
    const bit = index * depth;
    return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & largest;
  };
  if (colorType === 3) {
    return (line, index) => {
      const entry = sampleAt(line, index);
      const [red = 0, green = 0, blue = 0] = palette?.subarray(entry * 3, entry * 3 + 3) ?? [];
      return [red, green, blue, opacity?.[entry] ?? 255];
    };
  }
  const isGrey = colorType === 0 || colorType === 4;
  const scale = 255 / largest;
  return (line, index) => {
    const value = (offset: number): number => Math.round(sampleAt(line, index + offset) * scale);
    const alpha = colorType === 4 ? value(1) : colorType === 6 ? value(3) : 255;
    return isGrey ? [value(0), value(0), value(0), alpha] : [value(0), value(1), value(2), alpha];
  };
}
