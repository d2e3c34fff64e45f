import type { JsonObject, McpClient, ServerInfo } from '@toolwire/client-core';

/** Which lists a change makes old. */
const listsOf = {
  tools: ['tools/list'],
  prompts: ['prompts/list'],
  resourceList: ['resources/list', 'resources/templates/list'],
} as const;

type Kind = keyof typeof listsOf;

/** The lists of a server that has promised to tell of their changes; those of others are asked for each time. */
export class RememberedLists {
  readonly #promised = new Set<string>();
  readonly #kept = new Map<string, JsonObject>();
  #version = 0;

  /** The answer to `method`: what is remembered, or else what `ask` brings. */
  async get(method: string, params: JsonObject, ask: () => Promise<JsonObject>): Promise<JsonObject> {
    if (!this.#promised.has(method)) return ask();
    const { _meta, ...question } = params;
    const key = JSON.stringify([method, question]);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const version = this.#version;
    const result = await ask();
    if (version === this.#version) this.#kept.set(key, result); // Else it changed meanwhile.
    return result;
  }

  /** Changes may have been missed. */
  clear(): void {
    this.#version++;
    this.#kept.clear();
  }

  /** Remembers what a server promises to tell of, as long as it does; `onChanged` hears `tools`, `prompts` or `resources`. */
  watch(client: McpClient, { capabilities }: ServerInfo, onChanged: (list: string) => void): void {
    const { tools, prompts, resources } = capabilities;
    const kinds = { tools, prompts, resourceList: resources };
    for (const kind of Object.keys(listsOf) as Kind[]) {
      // One that cannot be watched is asked for each time.
      if (kinds[kind]?.listChanged === true) this.#follow(client, kind, onChanged).catch(() => undefined);
    }
  }

  async #follow(client: McpClient, kind: Kind, onChanged: (list: string) => void): Promise<void> {
    const changes = await client.subscribe({ [kind]: true });
    for (const method of listsOf[kind]) this.#promised.add(method);
    try {
      for await (const { type } of changes) {
        this.clear();
        onChanged(type === 'resourceList' ? 'resources' : type);
      }
    } finally {
      for (const method of listsOf[kind]) this.#promised.delete(method);
      this.clear();
    }
  }
}
