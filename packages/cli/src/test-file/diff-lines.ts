const context = 2;
/** Beyond this many lines the common ones in the middle are not looked for. */
const most = 400;

/** The lines in which two texts differ: `- ` what was expected, `+ ` what came, with up to two common lines around. */
export function diffLines(expected: string, actual: string): readonly string[] {
  const [before, after] = [expected.split('\n'), actual.split('\n')];
  const least = Math.min(before.length, after.length);
  const differs = (index: number): boolean => before[index] !== after[index];
  let start = 0;
  while (start < least && !differs(start)) start++;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  return [
    ...before.slice(Math.max(0, start - context), start).map(unchanged),
    ...diffMiddle(removed, added),
    ...before
      .slice(before.length - end)
      .slice(0, context)
      .map(unchanged),
  ];
}

function diffMiddle(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length > most || after.length > most) return [...before.map(removed), ...after.map(added)];
  const common = commonLengths(before, after);
  const lines: string[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    if (left < before.length && before[left] === after[right]) {
      lines.push(unchanged(before[left] ?? ''));
      left++;
      right++;
    } else if (
      right === after.length ||
      (left < before.length && at(common, left + 1, right) >= at(common, left, right + 1))
    ) {
      lines.push(removed(before[left++] ?? ''));
    } else {
      lines.push(added(after[right++] ?? ''));
    }
  }
  return lines;
}

/** How many lines the rests of both have in common, from each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array.from(after, () => 0));
  for (let left = before.length - 1; left >= 0; left--) {
    for (let right = after.length - 1; right >= 0; right--) {
      const longer = Math.max(at(lengths, left + 1, right), at(lengths, left, right + 1));
      const row = lengths[left];
      if (row !== undefined) row[right] = before[left] === after[right] ? at(lengths, left + 1, right + 1) + 1 : longer;
    }
  }
  return lengths;
}

function at(lengths: readonly (readonly number[])[], left: number, right: number): number {
  return lengths[left]?.[right] ?? 0;
}

const unchanged = (line: string): string => `  ${line}`;
const removed = (line: string): string => `- ${line}`;
const added = (line: string): string => `+ ${line}`;
