import { CliError } from '../cli-error.ts';

/** One step on the way to a server: whether it can be taken, and what to do where it cannot. */
export interface Finding {
  readonly step: 'configuration' | 'command' | 'DNS' | 'port' | 'TLS' | 'handshake' | 'credentials' | 'tools';
  readonly ok: boolean;
  readonly message: string;
  readonly advice?: string;
  readonly stderr?: readonly string[];
  readonly cause?: Error;
}

/** Tries one step. */
export type Probe = () => Finding | Promise<Finding>;

/** A step that cannot be taken. */
export function blocked(step: Finding['step'], message: string, advice: string): Finding {
  return { step, ok: false, message, advice, cause: new CliError('unreachable', message, advice) };
}
