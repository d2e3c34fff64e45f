import { isObject, own } from './json.ts';

/** What `$ref` points to inside `root`: `#`, `#/a/b` and `#anchor`; undefined for anything else. */
export function findTarget(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  const fragment = decode(reference.slice(1));
  if (fragment === undefined || fragment === '') return fragment === '' ? root : undefined;
  return fragment.startsWith('/') ? follow(root, fragment.slice(1).split('/')) : findAnchor(root, fragment);
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

function findAnchor(root: unknown, name: string): unknown {
  const found: unknown[] = [root];
  for (let index = 0; index < found.length && index < maxVisited; index += 1) {
    const part = found[index];
    if (isObject(part) && (own(part, '$anchor') === name || own(part, '$dynamicAnchor') === name)) return part;
    if (typeof part === 'object' && part !== null) found.push(...Object.values(part).slice(0, maxVisited));
  }
  return undefined;
}
