import { sanitize, sanitizeLine } from './sanitize.ts';
import type { Attachment } from './show.ts';

/** Content as it may arrive: of kinds that are not known yet, and with fields missing. */
export interface LooseBlock {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly data?: unknown;
  readonly mimeType?: unknown;
  readonly uri?: unknown;
  readonly name?: unknown;
  readonly blob?: unknown;
  readonly resource?: LooseBlock;
}

/** A block for people: its text, or one line that says what it is. */
export function formatBlock(block: LooseBlock): string {
  if (block.type === 'text') return sanitize(spell(block.text));
  if (block.type === 'image' || block.type === 'audio') return label(block.type, block.mimeType, sizeOf(block.data));
  if (block.type === 'resource_link') return label('link', block.name, block.uri);
  if (block.type === 'resource') return formatResource(block.resource ?? {});
  return label(spell(block.type) || 'content of no type');
}

/** Texts, one below the other, ended by a newline. */
export function joinTexts(parts: readonly string[]): string {
  const text = parts.join('\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** What blocks hold as it was sent: their texts, or the bytes where there is no text. */
export function rawOf(blocks: readonly LooseBlock[]): string | Uint8Array {
  const texts = blocks.flatMap((block) => textOf(block) ?? []);
  if (texts.length > 0) return texts.join('\n');
  return Buffer.concat(blocks.flatMap((block) => base64Of(block) ?? []).map((data) => Buffer.from(data, 'base64')));
}

/** The images, sounds and embedded files among `blocks`. */
export function attachmentsOf(blocks: readonly LooseBlock[]): readonly Attachment[] {
  return blocks.flatMap((block): readonly Attachment[] => {
    const base64 = base64Of(block);
    const { mimeType, text } = block.type === 'resource' ? (block.resource ?? {}) : block;
    const about = { kind: spell(block.type), mimeType: spell(mimeType) };
    if (base64 !== undefined) return [{ ...about, content: { base64 } }];
    return block.type === 'resource' && typeof text === 'string' ? [{ ...about, content: { text } }] : [];
  });
}

function textOf({ type, text, resource }: LooseBlock): string | undefined {
  const found = type === 'resource' ? resource?.text : type === 'text' ? text : undefined;
  return typeof found === 'string' ? found : undefined;
}

function base64Of({ type, data, resource }: LooseBlock): string | undefined {
  const found = type === 'resource' ? resource?.blob : type === 'image' || type === 'audio' ? data : undefined;
  return typeof found === 'string' ? found : undefined;
}

function formatResource({ text, uri, mimeType, blob }: LooseBlock): string {
  return typeof text === 'string' ? sanitize(text) : label('resource', uri, mimeType, sizeOf(blob));
}

function label(kind: string, ...details: readonly unknown[]): string {
  const known = details.map((detail) => sanitizeLine(spell(detail))).filter((detail) => detail !== '');
  return `[${`${sanitizeLine(kind)} ${known.join(', ')}`.trimEnd()}]`;
}

function sizeOf(base64: unknown): string {
  if (typeof base64 !== 'string') return '';
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const bytes = Math.max(0, Math.floor((base64.length * 3) / 4) - padding);
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function spell(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
