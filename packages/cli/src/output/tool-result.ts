import type { ToolResult } from '@toolwire/client-core';
import { safeJson, sanitize, sanitizeLine } from './sanitize.ts';

/** What a tool answered, for people: its texts, a line for each image, sound or file, or else its structured content. */
export function formatToolResult({ content, structured }: ToolResult): string {
  const parts = content.map((block) => formatBlock(block));
  const isEmpty = parts.every((part) => part === '');
  const text = isEmpty && structured !== undefined ? safeJson(structured, 2) : parts.join('\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Content as it may arrive: of kinds that are not known yet, and with fields missing. */
interface LooseBlock {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly data?: unknown;
  readonly mimeType?: unknown;
  readonly uri?: unknown;
  readonly name?: unknown;
  readonly blob?: unknown;
  readonly resource?: LooseBlock;
}

function formatBlock(block: LooseBlock): string {
  if (block.type === 'text') return sanitize(spell(block.text));
  if (block.type === 'image' || block.type === 'audio') return label(block.type, block.mimeType, sizeOf(block.data));
  if (block.type === 'resource_link') return label('link', block.name, block.uri);
  if (block.type === 'resource') return formatResource(block.resource ?? {});
  return label(spell(block.type) || 'content of no type');
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
