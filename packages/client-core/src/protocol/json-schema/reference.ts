import { own } from './walk.ts';
import { isObject } from '../jsonrpc.ts';

/** Makes the lookup of `$ref` in `root`: `#`, `#/a/b` and `#anchor`; anything else is elsewhere and never fetched. */
export function schemaResolver(root: unknown): (reference: unknown) => unknown {
  let anchors: Map<string, unknown> | undefined;
  return (reference) => {
    if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
    const fragment = decode(reference.slice(1));
    if (fragment === '') return root;
    if (fragment?.startsWith('/') === true) return follow(root, fragment.slice(1).split('/'));
    anchors ??= findAnchors(root);
    return anchors.get(fragment ?? '');
  };
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function follow(root: unknown, steps: readonly string[]): unknown {
  let schema = root;
  for (const step of steps) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(schema)) schema = /^\d+$/.test(key) ? (schema[Number(key)] as unknown) : undefined;
    else schema = isObject(schema) ? own(schema, key) : undefined;
  }
  return schema;
}

const maxVisited = 10_000;

function findAnchors(root: unknown): Map<string, unknown> {
  const anchors = new Map<string, unknown>();
  const found: unknown[] = [root];
  for (let index = 0; index < found.length && index < maxVisited; index += 1) {
    const part = found[index];
    if (Array.isArray(part)) found.push(...part.slice(0, maxVisited));
    if (!isObject(part)) continue;
    const anchor = own(part, '$anchor');
    if (typeof anchor === 'string' && !anchors.has(anchor)) anchors.set(anchor, part);
    found.push(...Object.values(part).slice(0, maxVisited));
  }
  return anchors;
}
