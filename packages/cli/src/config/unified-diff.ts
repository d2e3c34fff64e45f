const context = 3;

/** What changes between two texts, as `diff -u` shows it: one piece, from the first line that differs to the last. */
export function unifiedDiff(before: string, after: string, name: string): string {
  if (before === after) return '';
  const [old, next] = [linesOf(before), linesOf(after)];
  const start = old.findIndex((line, index) => line !== next[index]);
  const first = start === -1 ? Math.min(old.length, next.length) : start;
  let same = 0;
  while (same < Math.min(old.length, next.length) - first && old.at(-1 - same) === next.at(-1 - same)) same++;
  const from = Math.max(0, first - context);
  const removed = old.slice(first, old.length - same);
  const added = next.slice(first, next.length - same);
  const lines = [
    ...old.slice(from, first).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...old.slice(old.length - same, old.length - same + context).map((line) => ` ${line}`),
  ];
  const tail = Math.min(same, context);
  const [oldCount, newCount] = [removed, added].map((part) => first - from + part.length + tail);
  const range = (count = 0): string => `${count === 0 ? 0 : from + 1},${count}`;
  return [`--- ${name}`, `+++ ${name}`, `@@ -${range(oldCount)} +${range(newCount)} @@`, ...lines, ''].join('\n');
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
