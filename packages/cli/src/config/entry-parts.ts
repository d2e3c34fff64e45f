import type { HttpServerConfig, ServerConfig, StdioServerConfig } from '@toolwire/client-core';

/** One server as a file has it. */
export type Entry = Readonly<Record<string, unknown>>;

/** How most programs write a command. */
export function command({ command: program, args = [], env }: StdioServerConfig): Entry {
  return { command: program, args, ...(env !== undefined && { env }) };
}

/** The folder that a command starts in, for programs that have a word for it. */
export function folder({ cwd }: StdioServerConfig): Entry {
  return cwd === undefined ? {} : { cwd };
}

/** How most programs write an address; nothing for wires other than Streamable HTTP and HTTP+SSE, which they do not speak. */
export function address({ url, headers, transport = 'auto' }: HttpServerConfig): Entry | undefined {
  if (!/^https?:/.test(String(url)) || !['auto', 'http', 'sse'].includes(transport)) return undefined;
  return { url: String(url), ...(headers !== undefined && { headers }) };
}

/** The same with the wire named. */
export function typedAddress(config: HttpServerConfig): Entry | undefined {
  const entry = address(config);
  return entry && { type: config.transport === 'sse' ? 'sse' : 'http', ...entry };
}

/** A command or an address as most programs write it. */
export function commandOrAddress(config: ServerConfig): Entry | undefined {
  return 'command' in config ? command(config) : address(config);
}

/** The same value with each text in it replaced. */
export function withText<Value>(value: Value, replace: (text: string) => string): Value {
  const replaced: unknown = JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? replace(part) : part,
  );
  return replaced as Value; // Texts are all that changed.
}
