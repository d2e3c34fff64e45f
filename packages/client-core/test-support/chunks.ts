import * as fc from 'fast-check';

/** Where a stream of bytes is cut: after every so many bytes, or at these shares of it. */
export type Cuts = number | readonly number[];

/** Cuts of any kind, also in the middle of a character. */
export const cuts: fc.Arbitrary<Cuts> = fc.oneof(
  fc.constantFrom(1, 2, 3),
  fc.integer({ min: 4, max: 5000 }),
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
);

/** The bytes of a text, cut so. */
export function chunksOf(text: string, at: Cuts): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const ends = typeof at === 'number' ? everySo(at, bytes.length) : at.map((share) => Math.floor(share * bytes.length));
  const places = [0, ...ends.toSorted((first, second) => first - second), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function everySo(size: number, length: number): number[] {
  return Array.from({ length: Math.floor(length / size) }, (_, index) => (index + 1) * size);
}
