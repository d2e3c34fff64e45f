/** One step into a JSON value: a key or an index. */
export type PathStep = string | number;

const plainKey = /^[\w$-]+$/;

/** Writes a path as people do: `filter.ids[0]`, `headers["X-Key: a"]`; the root is ''. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps.map((step, index) => (typeof step === 'number' ? `[${step}]` : formatKey(step, index))).join('');
}

function formatKey(key: string, index: number): string {
  if (!plainKey.test(key)) return `[${JSON.stringify(key)}]`;
  return index === 0 ? key : `.${key}`;
}
