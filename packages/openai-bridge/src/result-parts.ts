import type { ToolResult } from '@toolwire/client-core';
import {
  bytesOf,
  describeAttachment,
  formatSize,
  normalizeBase64,
  toAttachment,
  type Attachment,
} from './attachments.ts';
import type { ResultOptions } from './results.ts';

/** A piece of a tool's answer, in its order: text, or something attached. */
export type ResultPart = string | Attachment;

/** Content as it may arrive: of kinds that are not known yet, and with fields missing. */
interface LooseBlock {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly data?: unknown;
  readonly mimeType?: unknown;
  readonly uri?: unknown;
  readonly name?: unknown;
  readonly description?: unknown;
  readonly blob?: unknown;
  readonly resource?: LooseBlock;
}

/** Takes a tool's answer apart for a model. Text is never base64, and never longer than `maxCharacters` in all. */
export function readParts(result: ToolResult, options: ResultOptions): readonly ResultPart[] {
  const { maxCharacters = 100_000, maxAttachmentBytes = 15_000_000, audio = false } = options;
  const blocks: readonly LooseBlock[] = result.content;
  const parts = blocks.flatMap((block) => readBlock(block, audio));
  const structured = structuredText(result.structured, blocks);
  if (structured !== undefined) parts.push(structured);
  if (result.isError) parts.unshift('The tool reports an error:');
  if (parts.length === 0) parts.push('The tool has run, and answers nothing.');
  return joinTexts(cutText(limitAttachments(parts, maxAttachmentBytes), maxCharacters));
}

function readBlock(block: LooseBlock, audio: boolean): ResultPart[] {
  switch (block.type) {
    case 'text':
      return [withoutDataUrls(spell(block.text))];
    case 'image':
    case 'audio':
      return [readBytes(block.type, block, audio)];
    case 'resource_link':
      return [note('link', block.name, block.uri, block.mimeType, block.description)];
    case 'resource':
      return readResource(block.resource ?? {}, audio);
    default:
      return [note(spell(block.type) || 'content of no type', 'left out')];
  }
}

function readResource(resource: LooseBlock, audio: boolean): ResultPart[] {
  const { text, blob, uri, mimeType } = resource;
  if (typeof text === 'string') return [note('resource', uri, mimeType), withoutDataUrls(text)];
  const decoded = isTextual(mimeType) ? decodeText(spell(blob)) : undefined;
  if (decoded !== undefined) return [note('resource', uri, mimeType), decoded];
  return [note('resource', uri, mimeType), readBytes('file', { ...resource, data: blob }, audio)];
}

function readBytes(kind: string, { data, mimeType, uri }: LooseBlock, audio: boolean): ResultPart {
  const base64 = spell(data);
  const attachment = toAttachment(base64, fileName(spell(uri)));
  const canAttach = attachment !== undefined && (attachment.kind !== 'audio' || audio);
  return canAttach ? attachment : note(kind, mimeType, formatSize(bytesOf(base64)), 'not shown');
}

/** The structured result, unless a text block already says the same. */
function structuredText(structured: unknown, blocks: readonly LooseBlock[]): string | undefined {
  if (structured === undefined) return undefined;
  const json = JSON.stringify(structured);
  const isSaid = blocks.some(({ type, text }) => type === 'text' && canonical(spell(text)) === json);
  return isSaid ? undefined : JSON.stringify(structured, withoutBase64);
}

function canonical(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined; // Prose, for people.
  }
}

const longestInlineBase64 = 1000;

function withoutBase64(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= longestInlineBase64) return value;
  if (!/\s/.test(value) && normalizeBase64(value) !== undefined) return note('base64', formatSize(bytesOf(value)));
  return withoutDataUrls(value);
}

function withoutDataUrls(text: string): string {
  return text.replaceAll(/data:([\w.+/-]+);base64,([\w+/=-]{200,})/g, (_all, mimeType: string, data: string) =>
    note(mimeType, formatSize(bytesOf(data)), 'left out'),
  );
}

function limitAttachments(parts: readonly ResultPart[], maxBytes: number): ResultPart[] {
  let left = maxBytes;
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const bytes = bytesOf(part.data);
    if (bytes > left) return `[${describeAttachment(part)}: too large to be shown]`;
    left -= bytes;
    return part;
  });
}

function cutText(parts: readonly ResultPart[], maxCharacters: number): ResultPart[] {
  const total = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
  if (total <= maxCharacters) return [...parts];
  let left = maxCharacters;
  const kept = parts.map((part) => {
    if (typeof part !== 'string') return part;
    const text = part.slice(0, left).replace(/[\ud800-\udbff]$/, ''); // No half of a character at the cut.
    left -= Math.min(left, part.length);
    return text;
  });
  return [...kept, `[cut: these are the first ${maxCharacters} of ${total} characters]`];
}

/** Texts that follow one another become one. */
function joinTexts(parts: readonly ResultPart[]): ResultPart[] {
  const joined: ResultPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = `${last}\n${part}`;
    else joined.push(part);
  }
  return joined.length === 0 ? [''] : joined;
}

function isTextual(mimeType: unknown): boolean {
  return /^(text\/|image\/svg\+xml|application\/([\w.-]+\+)?(json|xml|yaml)\b|application\/(javascript|sql|toml)\b)/i.test(
    spell(mimeType),
  );
}

function decodeText(base64: string): string | undefined {
  const data = normalizeBase64(base64);
  if (data === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined; // It says text but is none.
  }
}

function fileName(uri: string): string {
  const last = uri.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return last === '' ? 'file.pdf' : last;
}

function note(kind: string, ...details: readonly unknown[]): string {
  const known = details.map(spell).filter((detail) => detail !== '');
  return `[${[kind, ...known].join(', ')}]`;
}

function spell(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
