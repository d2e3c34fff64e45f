const levels: readonly string[] = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

/** Whether a message of this level is for a host that wants no less severe ones than `least`; without one it wants none. */
export function isSevereEnough(level: unknown, least: string | undefined): boolean {
  return least !== undefined && levels.indexOf(String(level)) >= levels.indexOf(least);
}
