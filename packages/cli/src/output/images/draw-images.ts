import { print, type Io } from '../../io.ts';
import { drawsSixels } from '../../terminal/ask-attributes.ts';
import { imageProtocol, type ImageProtocol } from '../../terminal/image-protocol.ts';
import type { Attachment } from '../show.ts';
import { decodePng, readPngHeader } from './png.ts';
import { narrowed, toSixel } from './sixel.ts';

/** Larger ones are not for a terminal: `--save` is. */
const mostBytes = 8_000_000;
const mostPixels = 4_000_000;
/** How wide a character is, in pixels, where that is not known. */
const cellWidth = 8;

/** Draws the images of a result below its text, where the terminal can; else their line in the text is all. */
export async function drawImages(attachments: readonly Attachment[], io: Io): Promise<void> {
  const images = attachments.flatMap(({ content }) =>
    'base64' in content ? [Buffer.from(content.base64, 'base64')] : [],
  );
  const fitting = images.filter((image) => image.length <= mostBytes && kindOf(image) !== undefined);
  if (fitting.length === 0) return;
  const told = imageProtocol(io.env);
  const protocol = told === 'unknown' ? ((await drawsSixels(io)) ? 'sixel' : 'none') : told;
  if (protocol === 'none') return;
  for (const image of fitting) {
    const drawing = draw(image, protocol, io.stdout.columns ?? 80);
    if (drawing !== undefined) await print(io.stdout, `${drawing}\n`);
  }
}

/** The bytes say what an image is; what a server says of it is not asked. */
function kindOf(image: Uint8Array): 'png' | 'jpeg' | 'gif' | undefined {
  if (readPngHeader(image) !== undefined) return 'png';
  if (image[0] === 0xff && image[1] === 0xd8 && image[2] === 0xff) return 'jpeg';
  return image.subarray(0, 4).join() === '71,73,70,56' ? 'gif' : undefined;
}

/** The image in the terminal's own terms, which nothing in it can leave: it is decoded, or in base64. */
function draw(image: Buffer, protocol: ImageProtocol, columns: number): string | undefined {
  if (protocol === 'iterm2') return toIterm2(image);
  const header = readPngHeader(image);
  if (header === undefined || header.width * header.height > mostPixels) return undefined;
  if (protocol === 'kitty') return toKitty(image, header.width > columns * cellWidth ? columns : undefined);
  try {
    return toSixel(narrowed(decodePng(image), columns * cellWidth));
  } catch {
    return undefined; // Its line in the text says that it is there, and --save keeps it as it came.
  }
}

/** https://iterm2.com/documentation-images.html: scaled down by the terminal where it is too wide. */
function toIterm2(image: Buffer): string {
  return `\u001b]1337;File=inline=1;size=${image.length}:${image.toString('base64')}\u0007`;
}

/** https://sw.kovidgoyal.net/kitty/graphics-protocol: at most 4,096 characters in each part, and no answers (q=2). */
function toKitty(image: Buffer, columns: number | undefined): string {
  const parts = image.toString('base64').match(/.{1,4096}/g) ?? [];
  const keys = `a=T,f=100,q=2${columns === undefined ? '' : `,c=${columns}`},`;
  return parts
    .map((part, index) => `\u001b_G${index === 0 ? keys : ''}m=${index < parts.length - 1 ? 1 : 0};${part}\u001b\\`)
    .join('');
}
