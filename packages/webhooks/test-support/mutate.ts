export interface SignedRequest {
  readonly body: Uint8Array;
  /** Those whose every character counts for the signature. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A number below `limit`. */
export type Dice = (limit: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function seededDice(seed: number): Dice {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Mutation<T> = (original: T, dice: Dice) => T;

const byteMutations: Mutation<Uint8Array>[] = [
  (bytes, dice) => spliced(bytes, dice(bytes.length), 1, [dice(256)]),
  (bytes, dice) => flipped(bytes, dice(bytes.length), dice(8)),
  (bytes, dice) => spliced(bytes, dice(bytes.length + 1), 0, [dice(256)]),
  (bytes, dice) => spliced(bytes, dice(bytes.length), 1 + dice(8), []),
  (bytes, dice) => bytes.slice(0, dice(bytes.length)),
  (bytes, dice) => swapped(bytes, dice(bytes.length), dice(bytes.length)),
];

/** What a lenient decoder reads as the very same text. */
const lenientTwins: Mutation<Uint8Array>[] = [
  (bytes) => spliced(bytes, 0, 0, [0xef, 0xbb, 0xbf]),
  (bytes, dice) => forged(bytes, [0xff], dice),
  (bytes, dice) => forged(bytes, [0xc3], dice),
  (bytes, dice) => forged(bytes, [0xf0, 0x9f, 0x98], dice),
];

const textMutations: Mutation<string>[] = [
  ...byteMutations.map((mutation) => (text: string, dice: Dice) => {
    return Buffer.from(mutation(Buffer.from(text, 'latin1'), dice)).toString('latin1');
  }),
  (text) => `${text}, ${text}`,
  (text, dice) => (dice(2) === 0 ? text.toUpperCase() : text.toLowerCase()),
  (text, dice) => (dice(2) === 0 ? ` ${text}` : `${text} `),
];

/** The request with its body or one header changed; never the same as it was. */
export function mutate(request: SignedRequest, dice: Dice): SignedRequest {
  for (;;) {
    const mutant = dice(2) === 0 ? withOtherBody(request, dice) : withOtherHeader(request, dice);
    if (!isSame(request, mutant)) return mutant;
  }
}

export function isLenientTwin({ body }: SignedRequest, mutant: SignedRequest): boolean {
  const lenient = new TextDecoder();
  return !Buffer.from(body).equals(mutant.body) && lenient.decode(body) === lenient.decode(mutant.body);
}

function withOtherBody(request: SignedRequest, dice: Dice): SignedRequest {
  const mutations = dice(4) === 0 ? lenientTwins : byteMutations;
  return { ...request, body: pick(mutations, dice)(request.body, dice) };
}

function withOtherHeader(request: SignedRequest, dice: Dice): SignedRequest {
  const [name, value] = pick(Object.entries(request.headers), dice);
  return { ...request, headers: { ...request.headers, [name]: pick(textMutations, dice)(value, dice) } };
}

function isSame(request: SignedRequest, mutant: SignedRequest): boolean {
  const hasSameHeaders = Object.entries(request.headers).every(([name, value]) => mutant.headers[name] === value);
  return hasSameHeaders && Buffer.from(request.body).equals(mutant.body);
}

function pick<T>(values: readonly T[], dice: Dice): T {
  const value = values[dice(values.length)];
  if (value === undefined) throw new Error('There is nothing to pick from');
  return value;
}

function spliced(bytes: Uint8Array, start: number, deleted: number, inserted: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytes.slice(0, start), ...inserted, ...bytes.slice(start + deleted)]);
}

function flipped(bytes: Uint8Array, index: number, bit: number): Uint8Array {
  return bytes.map((byte, at) => (at === index ? byte ^ (1 << bit) : byte));
}

function swapped(bytes: Uint8Array, one: number, other: number): Uint8Array {
  return bytes.map((byte, at) => (at === one ? bytes[other] : at === other ? bytes[one] : byte) ?? byte);
}

/** One U+FFFD, of those that the body has, in the bytes of a broken character. */
function forged(bytes: Uint8Array, replacement: readonly number[], dice: Dice): Uint8Array {
  const places = [...bytes.keys()].filter(
    (at) => bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd,
  );
  return places.length === 0 ? bytes : spliced(bytes, pick(places, dice), 3, replacement);
}
