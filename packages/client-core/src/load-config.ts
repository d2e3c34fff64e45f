// Placeholder until the configuration parser lands: overwrite this file.
import type { ServerConfig } from './target.ts';
export async function loadConfig(_file: string): Promise<Record<string, ServerConfig>> {
  return {};
}
