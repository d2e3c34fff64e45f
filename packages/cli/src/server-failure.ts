import type { McpErrorCode } from '@toolwire/client-core';

/** A failure of one server, with what is needed to tell it from the others. */
export class ServerFailure extends Error {
  override name = 'ServerFailure';
  readonly server: string;
  /** The last lines that the server wrote to stderr. */
  readonly stderr: readonly string[];
  /** What to do, where that is not what it is for any server. */
  readonly hints: Partial<Record<McpErrorCode, string>> | undefined;

  constructor(server: string, stderr: readonly string[], cause: unknown, hints?: ServerFailure['hints']) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.server = server;
    this.stderr = stderr;
    this.hints = hints;
  }
}
