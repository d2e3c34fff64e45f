import { own } from './walk.ts';
import { isObject } from '../jsonrpc.ts';

/** Makes the lookup of `$ref` in `root`: `#`, `#/a/b`, `#anchor` and each `$id` in it; what is elsewhere is never fetched. */
export function schemaResolver(root: unknown): (reference: unknown) => unknown {
  let names: Map<string, unknown> | undefined;
  return (reference) => {
    if (typeof reference !== 'string') return undefined;
    const [address = '', encoded = ''] = reference.split('#', 2);
    const fragment = decode(encoded);
    if (address !== '' || !/^(?:\/|$)/.test(fragment ?? '')) names ??= findNames(root);
    const resource = address === '' ? root : names?.get(address);
    if (fragment === '') return resource;
    if (fragment?.startsWith('/') === true) return follow(resource, fragment.slice(1).split('/'));
    return names?.get(`#${fragment ?? ''}`);
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

function findNames(root: unknown): Map<string, unknown> {
  const names = new Map<string, unknown>();
  const found: unknown[] = [root];
  for (let index = 0; index < found.length && index < maxVisited; index += 1) {
    const part = found[index];
    if (Array.isArray(part)) found.push(...part.slice(0, maxVisited));
    if (!isObject(part)) continue;
    for (const keyword of ['$anchor', '$dynamicAnchor', '$id', 'id']) {
      const name = own(part, keyword);
      const key = keyword.endsWith('nchor') ? `#${String(name)}` : String(name).replace(/#$/, '');
      if (typeof name === 'string' && !names.has(key)) names.set(key, part);
    }
    found.push(...Object.values(part).slice(0, maxVisited));
  }
  return names;
}
