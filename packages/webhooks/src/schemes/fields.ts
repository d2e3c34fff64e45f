import { WebhookError } from '../errors.ts';

/** The most signatures that one header may carry: a rotation needs two or three. */
export const mostSignatures = 16;

/** The fields of `name=value,name=value`, uncut; those that nobody asks for are ignored. */
export function readFields(header: string, value: string): string[] {
  if (/^[a-z0-9]+=[^\s,]+(?:,[a-z0-9]+=[^\s,]+)*$/.test(value)) return value.split(',');
  throw new WebhookError('malformed_header', `${header} is not a list of name=value`);
}

/** The value of a field that must be there once: two of them are two headers, joined on the way. */
export function single(header: string, fields: readonly string[], start: string): string {
  let found: string | undefined;
  for (const field of fields) {
    if (!field.startsWith(start)) continue;
    if (found !== undefined) throw new WebhookError('malformed_header', `${header} has ${start} twice`);
    found = field.slice(start.length);
  }
  if (found !== undefined) return found;
  throw new WebhookError('malformed_header', `${header} needs ${start}`);
}

/** The values of a field that may be there several times, as signatures are. */
export function several(header: string, fields: readonly string[], start: string): string[] {
  const found: string[] = [];
  for (const field of fields) {
    if (field.startsWith(start)) found.push(field.slice(start.length));
  }
  if (found.length <= mostSignatures) return found;
  throw new WebhookError('malformed_header', `${header} has more than ${mostSignatures} signatures`);
}
