/** Failures of the command itself; failures of servers are `McpErrorCode`s. */
export type CliErrorCode =
  | 'usage'
  | 'arguments-invalid'
  | `${'unknown' | 'ambiguous'}-${'tool' | 'prompt' | 'resource' | 'template' | 'task'}`
  | 'unknown-server'
  | 'config-missing'
  | 'not-trusted'
  | 'config-unsafe'
  | 'declined'
  | 'demo-missing'
  | 'model-failed'
  | 'model-unauthorized'
  | 'nothing-found'
  | 'unreachable'
  | 'save-failed'
  | 'keeper-failed'
  | 'pipeline-invalid'
  | 'pipeline-missing'
  | 'pipeline-unavailable'
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
