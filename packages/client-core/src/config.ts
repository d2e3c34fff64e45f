// Placeholder until the configuration parser lands: overwrite this file.
import type { ServerConfig } from './target.ts';
export function parseConfig(
  _text: string,
  _options: { file: string; env?: Record<string, string | undefined> },
): Record<string, ServerConfig> {
  return {};
}
