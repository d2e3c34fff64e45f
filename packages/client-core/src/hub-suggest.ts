import { quote } from './protocol/excerpt.ts';

/** Names as an error message lists them: those most like `wanted`, else the first few. */
export function suggestions(wanted: string, names: Iterable<string>): string {
  const known = [...new Set(names)];
  if (known.length === 0) return 'There are none';
  const close = nearest(wanted, known);
  const shown = (close.length > 0 ? close : known.slice(0, mostShown)).map((name) => quote(name)).join(', ');
  if (close.length > 0) return `Nearest: ${shown}`;
  return `There are: ${shown}${known.length > mostShown ? ', …' : ''}`;
}

const mostShown = 8;
/** A server may have any number of names, and all wait while they are compared. */
const mostCompared = 5000;

/** The names that `wanted` may be a slip of, the nearest first. */
function nearest(wanted: string, names: readonly string[]): string[] {
  const folded = fold(wanted);
  const tolerance = Math.floor(folded.length / 3) + 1;
  return names
    .slice(0, mostCompared)
    .map((name) => ({ name, distance: distanceOf(folded, fold(name)) }))
    .filter(({ distance }) => distance <= tolerance && distance < folded.length) // Something of it must be right.
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Names come from servers: a long one must not make the comparison slow. */
function fold(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_./ ]/g, '')
    .slice(0, 64);
}

/** How many letters must be added, removed or replaced to make `b` of `a`; a name that holds the other is one step away. */
function distanceOf(a: string, b: string): number {
  if (a.length > 2 && b.includes(a)) return a === b ? 0 : 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row++) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column++) {
      const replaced = (previous[column] ?? 0) + (a[row] === b[column] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
