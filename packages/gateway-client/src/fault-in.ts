import { isObject, listAt, textAt } from './json.ts';

/** What an answer that is no success says, in words; undefined when it has none that are known. */
export function faultIn(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  if (!isObject(body)) return undefined;
  const { error, detail } = body;
  return (
    textAt(body, 'error_description', 'detail', 'message', 'error', 'title') ??
    faultIn(error) ??
    faultIn(detail) ??
    listAt(body, 'detail', 'errors')?.map(fieldFault).join('; ')
  );
}

/** `{ loc, msg }` of FastAPI and its like, without the input that some repeat: it may hold secrets. */
function fieldFault(fault: Record<string, unknown>): string {
  const { loc, path = loc } = fault;
  const place = Array.isArray(path) ? path.filter((step) => step !== 'body').join('.') : textAt(fault, 'field', 'path');
  return [place, textAt(fault, 'msg', 'message', 'detail')]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
}
