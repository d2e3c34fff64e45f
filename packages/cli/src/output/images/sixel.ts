import type { Pixels } from './png.ts';

/** Steps of each primary colour: 6 × 6 × 6 colours are what every sixel terminal has room for. */
const steps = 6;

/** An image as sixels: bands of six lines, each drawn once for every colour in it; what is transparent is not drawn. */
export function toSixel({ width, height, rgba }: Pixels): string {
  const bands: string[] = [];
  for (let top = 0; top < height; top += 6) bands.push(bandOf({ width, height, rgba }, top));
  const palette = Array.from({ length: steps ** 3 }, (_, index) => {
    const levels = [index / steps ** 2, (index / steps) % steps, index % steps].map((level) => Math.floor(level) * 20);
    return `#${index};2;${levels.join(';')}`;
  });
  return `\u001bP0;1;0q"1;1;${width};${height}${palette.join('')}${bands.join('-')}\u001b\\`;
}

function bandOf({ width, height, rgba }: Pixels, top: number): string {
  const rows = new Map<number, Uint8Array>();
  for (let y = top; y < Math.min(top + 6, height); y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(rgba, (y * width + x) * 4);
      if (colour === undefined) continue;
      const row = rows.get(colour) ?? new Uint8Array(width);
      rows.set(colour, row);
      row[x] = (row[x] ?? 0) | (1 << (y - top));
    }
  }
  return [...rows].map(([colour, row]) => `#${colour}${runsOf(row)}`).join('$');
}

function colourAt(rgba: Uint8Array, at: number): number | undefined {
  if ((rgba[at + 3] ?? 0) < 128) return undefined;
  const level = (offset: number): number => Math.round(((rgba[at + offset] ?? 0) / 255) * (steps - 1));
  return (level(0) * steps + level(1)) * steps + level(2);
}

/** Six pixels above each other are one character; equal ones beside each other are counted. */
function runsOf(row: Uint8Array): string {
  const text = String.fromCharCode(...row.map((bits) => bits + 63));
  return text.replaceAll(/(.)\1{3,}/g, (run, character: string) => `!${run.length}${character}`);
}

/** The image made narrower, so that it is at most `most` pixels wide, by leaving pixels out. */
export function narrowed(image: Pixels, most: number): Pixels {
  if (image.width <= most) return image;
  const factor = image.width / most;
  const height = Math.max(1, Math.round(image.height / factor));
  const rgba = new Uint8Array(most * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < most; x++) {
      const from = (Math.min(image.height - 1, Math.floor(y * factor)) * image.width + Math.floor(x * factor)) * 4;
      rgba.set(image.rgba.subarray(from, from + 4), (y * most + x) * 4);
    }
  }
  return { width: most, height, rgba };
}
