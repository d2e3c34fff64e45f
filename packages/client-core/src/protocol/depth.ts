/** How many levels of lists and objects a message may have: what reads it may go down level by level. */
export const deepestLevel = 128;

/** Whether a JSON value has more levels than that; goes no deeper itself. */
export function isTooDeep(value: unknown, levels: number = deepestLevel): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, levels - 1));
  for (const key in value) {
    if (isTooDeep((value as Record<string, unknown>)[key], levels - 1)) return true; // Any object has keys.
  }
  return false;
}
