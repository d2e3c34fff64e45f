import type { DLogger } from '@dbos-inc/dbos-sdk';

/** Passes on what DBOS warns of: the rest is its own affair. */
export function engineLogger(onWarning: (message: string) => void): DLogger {
  const warn = (entry: unknown): void => onWarning(entry instanceof Error ? entry.message : String(entry));
  return { debug: () => {}, info: () => {}, warn, error: warn };
}
