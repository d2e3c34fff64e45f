import { ArgumentsInvalidError, isMcpError, McpError } from './errors.ts';
import { suggestions } from './hub-suggest.ts';
import { excerpt, quote } from './protocol/excerpt.ts';

/** A name that nothing has; the message tells the nearest of `names`. */
export function unknownName(
  text: string,
  wanted: string,
  names: Iterable<string>,
  path: string,
): ArgumentsInvalidError {
  const suggested = suggestions(wanted, names);
  return new ArgumentsInvalidError(`${text} ${suggested}`, { path, expected: suggested });
}

/** A name that several servers have, each in a way of its own. */
export function ambiguousName(wanted: string, readAs: readonly string[], path: string): ArgumentsInvalidError {
  const text = `${quote(wanted)} may be ${readAs.join(' or ')}; pass { server, ${path} } to say which`;
  return new ArgumentsInvalidError(text, { path, expected: 'one server' });
}

/** A tool that the allow and deny lists keep from use. */
export function deniedTool(server: string, tool: string): ArgumentsInvalidError {
  const text = `${quote(tool)} of ${server} was not called: the allow and deny lists of this hub forbid it`;
  return new ArgumentsInvalidError(text, { path: 'tool', expected: 'a tool that may be used' });
}

/** What several servers failed with, in one error that has the code of the first; one that stands alone is thrown as it is. */
export function failedTogether(
  what: string,
  failed: readonly { server: string; error: unknown }[],
  count: number,
): unknown {
  const [first] = failed;
  if (count === 1) return first?.error;
  const reasons = failed.map(
    ({ server, error }) => `${server}: ${error instanceof Error ? error.message : String(error)}`,
  );
  const text = excerpt(`${failed.length} of ${count} servers did not ${what}. ${reasons.join('; ')}`);
  const cause = new AggregateError(
    failed.map(({ error }) => error),
    text,
  );
  return new McpError(isMcpError(first?.error) ? first.error.code : 'connection-failed', text, {
    delivered: 'no',
    cause,
  });
}

export function invalidHub(problem: string): McpError {
  return new McpError('config-invalid', problem, { delivered: 'no' });
}

export function hubClosed(): McpError {
  return new McpError('connection-closed', 'The hub is closed', { delivered: 'no' });
}

/** What a call fails with whose time is over before it could be sent. */
export function outOfTime(maxTotalMs: number): McpError {
  const text = `Nothing was sent: the server had not listed what it has after ${maxTotalMs} ms (maxTotalMs)`;
  return new McpError('timeout', text, { delivered: 'no' });
}
