/** Keeps the end of what a server writes to stderr, whatever the amount. */
export interface StderrRing {
  push(chunk: Uint8Array): void;
  /** The last `bytes` bytes as text; a character that is cut at the start is left out. */
  tail(bytes: number): string;
}

/** A ring of `capacity` bytes, 64 KiB by default. */
export function stderrRing(capacity: number = 64 * 1024): StderrRing {
  let ring: Buffer | undefined; // Most servers write little or nothing.
  let written = 0;
  return {
    push(chunk) {
      ring ??= Buffer.alloc(capacity);
      const kept = chunk.subarray(Math.max(0, chunk.length - capacity));
      const position = (written + chunk.length - kept.length) % capacity;
      const fitting = capacity - position;
      ring.set(kept.subarray(0, fitting), position);
      ring.set(kept.subarray(fitting), 0);
      written += chunk.length;
    },
    tail(bytes) {
      if (ring === undefined) return '';
      const position = written % capacity;
      const all =
        written <= capacity
          ? ring.subarray(0, written)
          : Buffer.concat([ring.subarray(position), ring.subarray(0, position)]);
      return wholeCharacters(all.subarray(Math.max(0, all.length - bytes))).toString();
    },
  };
}

function wholeCharacters(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return start > 0 && start < 4 ? bytes.subarray(start) : bytes;
}
