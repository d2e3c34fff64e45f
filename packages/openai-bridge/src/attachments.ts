/** What a text cannot hold; `data` is base64. */
export type Attachment =
  | { readonly kind: 'image'; readonly mimeType: string; readonly data: string }
  | { readonly kind: 'file'; readonly mimeType: string; readonly data: string; readonly filename: string }
  | { readonly kind: 'audio'; readonly mimeType: string; readonly data: string; readonly format: 'wav' | 'mp3' };

/** How the bytes begin that OpenAI takes. Others, or some that are not what they say, fail the whole request. */
const signatures: readonly { readonly mimeType: string; readonly magic: string; readonly offset?: number }[] = [
  { mimeType: 'image/png', magic: '\x89PNG\r\n' },
  { mimeType: 'image/jpeg', magic: '\xff\xd8\xff' },
  { mimeType: 'image/gif', magic: 'GIF8' },
  { mimeType: 'image/webp', magic: 'WEBP', offset: 8 },
  { mimeType: 'application/pdf', magic: '%PDF-' },
  { mimeType: 'audio/wav', magic: 'WAVE', offset: 8 },
  { mimeType: 'audio/mpeg', magic: 'ID3' },
  { mimeType: 'audio/mpeg', magic: '\xff\xfb' },
  { mimeType: 'audio/mpeg', magic: '\xff\xf3' },
];

/** Bytes that a model can be given, by what they are rather than by what they are said to be; undefined for all others. */
export function toAttachment(base64: string, filename: string): Attachment | undefined {
  const data = normalizeBase64(base64);
  if (data === undefined) return undefined;
  const start = atob(data.slice(0, 16));
  const mimeType = signatures.find(({ magic, offset = 0 }) => start.startsWith(magic, offset))?.mimeType;
  if (mimeType === undefined) return undefined;
  if (mimeType.startsWith('image/')) return { kind: 'image', mimeType, data };
  if (mimeType === 'application/pdf') return { kind: 'file', mimeType, data, filename };
  return { kind: 'audio', mimeType, data, format: mimeType === 'audio/wav' ? 'wav' : 'mp3' };
}

/** Like `image image/png, 12 kB`. */
export function describeAttachment({ kind, mimeType, data }: Attachment): string {
  return `${kind} ${mimeType}, ${formatSize(bytesOf(data))}`;
}

/** The number of bytes that base64 stands for. */
export function bytesOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((base64.length * 3) / 4) - padding);
}

/** Like `12 kB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Plain base64 with its padding; undefined for what is none. */
export function normalizeBase64(text: string): string | undefined {
  const data = text.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (data === '' || data.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(data)) return undefined;
  return data.padEnd(Math.ceil(data.length / 4) * 4, '=');
}
