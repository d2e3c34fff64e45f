/** Stands in a recording where a secret was. */
const redacted = '[redacted]';

/** Whether `sent` is what was recorded: equal, but for texts that read `[redacted]` where a secret was. */
export function fits(recorded: unknown, sent: unknown): boolean {
  if (typeof recorded === 'string' && typeof sent === 'string') return fitsText(recorded, sent);
  if (Array.isArray(recorded) && Array.isArray(sent))
    return recorded.length === sent.length && recorded.every((item, index) => fits(item, sent[index]));
  if (!isObject(recorded) || !isObject(sent)) return recorded === sent;
  const names = Object.keys(recorded);
  return (
    names.length === Object.keys(sent).length &&
    names.every((name) => Object.hasOwn(sent, name) && fits(recorded[name], sent[name]))
  );
}

function fitsText(recorded: string, sent: string): boolean {
  const [first = '', ...parts] = recorded.split(redacted);
  const last = parts.pop();
  if (last === undefined) return recorded === sent;
  let end = first.length;
  for (const part of parts) {
    const at = sent.indexOf(part, end);
    if (at === -1) return false;
    end = at + part.length;
  }
  return sent.startsWith(first) && sent.endsWith(last) && end + last.length <= sent.length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
