import { isObject, own } from './json.ts';

/** What `$ref` points to inside `root`: `#`, `#/a/b`, `#anchor`, each `$id` in it; undefined for what is elsewhere. */
export function findTarget(root: unknown, reference: string): unknown {
  const [address = '', encoded = ''] = reference.split('#', 2);
  const resource = address === '' ? root : findNamed(root, ['$id', 'id'], address);
  const fragment = decode(encoded);
  if (fragment === undefined || fragment === '') return fragment === '' ? resource : undefined;
  return fragment.startsWith('/')
    ? follow(resource, fragment.slice(1).split('/'))
    : findNamed(resource, ['$anchor', '$dynamicAnchor'], fragment);
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function follow(root: unknown, steps: readonly string[]): unknown {
  let target = root;
  for (const step of steps) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(target)) target = /^\d+$/.test(key) ? (target[Number(key)] as unknown) : undefined;
    else target = isObject(target) ? own(target, key) : undefined;
  }
  return target;
}

const maxVisited = 10_000;

function findNamed(root: unknown, keywords: readonly string[], name: string): unknown {
  const found: unknown[] = [root];
  for (let index = 0; index < found.length && index < maxVisited; index += 1) {
    const part = found[index];
    if (isObject(part) && keywords.some((keyword) => own(part, keyword) === name)) return part;
    if (typeof part === 'object' && part !== null) found.push(...Object.values(part).slice(0, maxVisited));
  }
  return undefined;
}
