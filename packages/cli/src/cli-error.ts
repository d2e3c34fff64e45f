/** Failures of the command itself; failures of servers are `McpErrorCode`s. */
export type CliErrorCode =
  | 'usage'
  | 'arguments-invalid'
  | `${'unknown' | 'ambiguous'}-${'tool' | 'prompt' | 'resource' | 'template'}`
  | 'unknown-server'
  | 'config-missing'
  | 'demo-missing'
  | 'model-failed'
  | 'model-unauthorized'
  | 'nothing-found'
  | 'unreachable'
  | 'save-failed'
  | 'interrupted';

/** A failure that the command line or its surroundings explain: nothing was sent to a server because of it. */
export class CliError extends Error {
  override name = 'CliError';
  readonly code: CliErrorCode;
  /** What to do next; may have several lines. */
  readonly hint: string | undefined;

  constructor(code: CliErrorCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
