import type { ToolResult } from '@toolwire/client-core';

/** A tool's result as data: what it gives structured, its text read as JSON, or the text itself. */
export function valueOf(result: ToolResult): unknown {
  try {
    return result.json();
  } catch {
    return result.text(); // Most tools answer in words.
  }
}
