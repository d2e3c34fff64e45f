import { PipelineError } from './errors.ts';

/** What is wrong with a definition, and where. */
export interface Problem {
  /** A warning does not keep a pipeline from running. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The step, by its id, when it is about one. */
  readonly step?: string | undefined;
  /** The place in the definition: `steps`, 2, `args`, `title`. */
  readonly path: readonly (string | number)[];
  /** Where that is in the file that the pipeline was read from, from 1. */
  readonly line?: number | undefined;
  readonly file?: string | undefined;
}

/** A pipeline that cannot run; `problems` holds everything that was found, warnings too. */
export class PipelineInvalidError extends PipelineError {
  override name = 'PipelineInvalidError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      'definition-invalid',
      problems
        .filter(({ severity }) => severity === 'error')
        .map(formatProblem)
        .join('\n'),
    );
    this.problems = problems;
  }
}

/** One line: `issues.yaml:12: step ticket: args.title …`. */
export function formatProblem({ file, line, step, message, path }: Problem): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const subject = step === undefined ? formatPath(path) : `step ${step}`;
  return [place, subject, message].filter((part) => part !== '').join(': ');
}

/** `steps[2].args.title`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** Throws when there is an error among these. */
export function refuseErrors(problems: readonly Problem[]): void {
  if (problems.some(({ severity }) => severity === 'error')) throw new PipelineInvalidError(problems);
}
