/** Something a server got wrong that did not fail a call: what `onReport` is told, and what `strict` turns into errors. */
export interface Report {
  kind:
    | 'ignored-message' // nothing on this side waits for it
    | 'ignored-output' // a line on stdout that is no message
    | 'repaired' // read as what it must have meant
    | 'unknown' // passed on as it is
    | 'dropped' // one item of a list that cannot be used; the rest is kept
    | 'schema-violation' // structuredContent breaks the tool's outputSchema
    | 'tool-changed' // its definition is not the one that is known
    | 'callback-error' // a callback of the caller threw
    | 'transport-error'; // out of band: no call failed by it
  /** One sentence: what, and where. */
  message: string;
  /** The offending value or error. */
  detail?: unknown;
}

export type OnReport = (report: Report) => void;

/** A report that throws has nobody left to be reported to, and must not break what it reports on. */
export function guarded(onReport: OnReport): OnReport {
  return (report) => {
    try {
      onReport(report);
    } catch {
      // As above.
    }
  };
}
