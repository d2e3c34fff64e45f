import { McpError } from './errors.ts';
import type { CallToolResult, ContentBlock, ReadResourceResult } from './protocol/types.ts';

/** An image or sound of a result, decoded. */
export interface Media {
  mimeType: string;
  data: Uint8Array;
}

/** What a tool answered. `isError` says that the tool itself reports a failure: its text says which. */
export class ToolResult {
  /** The protocol's result, as the server sent it. */
  readonly raw: CallToolResult;

  constructor(raw: CallToolResult) {
    this.raw = raw;
  }

  get content(): readonly ContentBlock[] {
    return this.raw.content;
  }

  /** The machine-readable result, when the tool gives one. */
  get structured(): unknown {
    return this.raw.structuredContent;
  }

  get isError(): boolean {
    return this.raw.isError === true;
  }

  /** All text, one block a line: text blocks, and the text of embedded resources. */
  text(): string {
    return this.content.flatMap((block) => textOf(block) ?? []).join('\n');
  }

  /** The structured result, else the text read as JSON; several blocks that are each JSON become an array. Throws when neither is there. */
  json(): unknown {
    if (this.structured !== undefined) return this.structured;
    const texts = this.content.flatMap((block) => textOf(block) ?? []);
    try {
      return parseWhole(texts);
    } catch (cause) {
      throw new McpError('invalid-response', 'The result is no JSON; read text() instead', { delivered: 'yes', cause });
    }
  }

  images(): Media[] {
    return this.content.flatMap((block) =>
      block.type === 'image' ? [{ mimeType: block.mimeType, data: bytesFromBase64(block.data) }] : [],
    );
  }
}

function textOf(block: ContentBlock): string | undefined {
  if (block.type === 'text') return block.text;
  return block.type === 'resource' && 'text' in block.resource ? block.resource.text : undefined;
}

/** Some servers send a list as one text block an item. */
function parseWhole(texts: readonly string[]): unknown {
  try {
    return JSON.parse(texts.join('\n'));
  } catch (error) {
    if (texts.length < 2) throw error;
    return texts.map((text) => JSON.parse(text) as unknown);
  }
}

/** A resource's value: JSON parsed where its type says so, text, or bytes; several parts become an array. */
export function decodeResource(result: ReadResourceResult): unknown {
  const parts = result.contents.map((part) => {
    const { text, blob } = part as { text?: unknown; blob?: unknown }; // One of the two is a text; the other may be null.
    if (typeof blob === 'string') return bytesFromBase64(blob);
    return isJsonType(part.mimeType) ? parseOrText(String(text)) : text;
  });
  return parts.length === 1 ? parts[0] : parts;
}

function isJsonType(mimeType: string | undefined): boolean {
  return mimeType !== undefined && /^application\/(.+\+)?json\b/i.test(mimeType);
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // It says JSON but is not: the text is what there is.
  }
}

function bytesFromBase64(data: string): Uint8Array {
  try {
    return Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw new McpError('invalid-response', 'The result holds bytes that are no base64', { delivered: 'yes', cause });
  }
}
