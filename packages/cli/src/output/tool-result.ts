import type { ToolResult } from '@toolwire/client-core';
import { attachmentsOf, formatBlock, joinTexts, rawOf } from './content-block.ts';
import { safeJson } from './sanitize.ts';
import type { Shown } from './show.ts';

/** What a tool answered, for people: its texts, a line for each image, sound or file, or else its structured content. */
export function formatToolResult({ content, structured }: ToolResult): string {
  const parts = content.map((block) => formatBlock(block));
  const isEmpty = parts.every((part) => part === '');
  return joinTexts(isEmpty && structured !== undefined ? [safeJson(structured, 2)] : parts);
}

/** A tool's answer in every form; `--pick` looks into its structured content, or its text where that is JSON. */
export function shownToolResult(result: ToolResult): Shown {
  const { raw, content, structured } = result;
  return {
    value: raw,
    body: formatToolResult(result),
    get data() {
      return dataOf(result);
    },
    raw: () => (content.length === 0 && structured !== undefined ? safeJson(structured, 0) : rawOf(content)),
    get attachments() {
      return attachmentsOf(content);
    },
  };
}

function dataOf(result: ToolResult): unknown {
  try {
    return result.json();
  } catch {
    return result.raw;
  }
}
