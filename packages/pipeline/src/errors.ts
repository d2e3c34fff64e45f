/** Every way a pipeline can fail; pinned by a test, so that switching over it stays exhaustive. */
export type PipelineErrorCode =
  // Nothing was started.
  | 'definition-invalid'
  | 'input-invalid'
  | 'expression-invalid'
  | 'run-exists'
  | 'run-not-found'
  | 'wrong-state'
  // The engine cannot be used.
  | 'directory-in-use'
  | 'engine-busy'
  | 'engine-unavailable'
  // How a run ended.
  | 'run-failed'
  | 'run-cancelled'
  | 'needs-attention';

const brand = Symbol.for('toolwire.PipelineError');

/** The base of every error of this package; switch over `code`. Its message says what to do and never holds a secret. */
export class PipelineError extends Error {
  override name = 'PipelineError';
  readonly code: PipelineErrorCode;

  constructor(code: PipelineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** True for any `PipelineError`, also one made by another copy of this package. */
export function isPipelineError(value: unknown): value is PipelineError {
  return value instanceof Error && brand in value;
}

/** Another process has the directory of the embedded engine open: two would lose each other's writes. */
export class DirectoryInUseError extends PipelineError {
  override name = 'DirectoryInUseError';
  readonly directory: string;
  /** The process that has it open. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(
      'directory-in-use',
      `${directory} is in use by process ${pid}; wait until it ends, or use PostgreSQL for several processes at once`,
    );
    this.directory = directory;
    this.pid = pid;
  }
}
