import type { LoggingLevel } from '@toolwire/client-core';

/** How severe a log message can be, the least first. */
export const logLevels: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];
