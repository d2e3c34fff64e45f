import type { Settings } from '../own-flags.ts';

/** The flags that `mcp chat` and `mcp openai` share. */
export interface ModelFlags {
  readonly model: string | undefined;
  readonly api: 'chat' | 'responses' | undefined;
  readonly strict: 'auto' | 'off' | 'require' | undefined;
}

/** Reads them; throws a usage error for a word that is none of theirs. */
export function modelFlags({ own }: Settings): ModelFlags {
  return {
    model: own.last('model'),
    api: own.oneOf('api', ['chat', 'responses']),
    strict: own.oneOf('strict', ['auto', 'off', 'require']),
  };
}
