import { isObject } from '../protocol/jsonrpc.ts';

const secretKey =
  /token|(^|[-_ ])auth(?!or(?!i))|passw|passphrase|passcode|secret|cookie|credential|api[-_ ]?key|(access|private|signing|encryption|subscription)[-_ ]?key|^(pwd|pass|pin|bearer|jwt|session[-_ ]?id)$/i;
const scheme = /\b(bearer|basic|digest)\s+\S+/gi;
// The scheme's length is bounded: without that, a long word would be tried from each of its letters.
const userinfo = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]*@/gi;
const query = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s?#]{0,2048}\?)[^\s#]*/gi;

const hidden = '[redacted]';
const cut = '…';
const deepest = 16;

/** Text without what URLs and `Authorization` values carry in secret, cut after `limit` characters. */
export function redactText(text: string, limit: number): string {
  const safe = text
    .slice(0, 2 * limit) // A secret that begins before the cut is seen whole, and the work stays bounded.
    .replaceAll(scheme, `$1 ${hidden}`)
    .replaceAll(userinfo, `$1${hidden}@`)
    .replaceAll(query, `$1${hidden}`);
  return safe.length > limit || text.length > 2 * limit ? `${safe.slice(0, limit)}${cut}` : safe;
}

/** A copy of a JSON value in which secrets read `[redacted]`; what goes beyond about `limit` characters reads `…`. */
export function redact(value: unknown, limit: number): unknown {
  let left = limit;
  return copy(value, 0);

  function copy(part: unknown, depth: number): unknown {
    if (left <= 0 || depth > deepest) return cut;
    if (typeof part === 'string') {
      const text = redactText(part, left);
      left -= text.length + 2;
      return text;
    }
    if (Array.isArray(part)) return copyList(part, depth + 1);
    if (isObject(part)) return copyObject(part, depth + 1);
    left -= 8;
    return typeof part === 'bigint' ? String(part) : part;
  }

  function copyList(list: readonly unknown[], depth: number): unknown[] {
    const kept: unknown[] = [];
    for (const item of list) {
      kept.push(copy(item, depth));
      left -= 1;
      if (left <= 0) break;
    }
    if (kept.length < list.length) kept.push(cut);
    return kept;
  }

  function copyObject(object: Record<string, unknown>, depth: number): unknown {
    if (typeof object['toJSON'] === 'function') return copy(object['toJSON'](), depth);
    const kept: Record<string, unknown> = Object.create(null); // A key may be `__proto__`.
    for (const key in object) {
      if (!Object.hasOwn(object, key)) continue;
      if (left <= 0) {
        kept[cut] = cut;
        break;
      }
      const name = redactText(key, 128);
      left -= name.length + 4;
      kept[name] = secretKey.test(key.slice(0, 256)) ? hidden : copy(object[key], depth);
    }
    return kept;
  }
}
