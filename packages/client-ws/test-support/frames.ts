/** One frame as a server writes it (RFC 6455 §5.2); each field may be wrong. */
export interface Frame {
  opcode?: number;
  isFinal?: boolean;
  /** The three reserved bits, as a number from 0 to 7. */
  reserved?: number;
  isMasked?: boolean;
  payload?: string | Uint8Array;
  /** What the header says instead of the payload's length. */
  length?: bigint;
  /** How many bits hold the length; by default as few as will do. */
  lengthBits?: 7 | 16 | 64;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** The bytes of a frame. */
export function frame(given: Frame): Buffer {
  const { opcode = opcodes.text, isFinal = true, reserved = 0, isMasked = false, payload = '' } = given;
  const body = Buffer.from(payload);
  const { length = BigInt(body.length), lengthBits = fewestBits(length) } = given;
  const extended = Buffer.alloc(lengthBits === 7 ? 0 : lengthBits / 8);
  if (lengthBits === 16) extended.writeUInt16BE(Number(length));
  if (lengthBits === 64) extended.writeBigUInt64BE(length);
  const short = lengthBits === 7 ? Number(length) : lengthBits === 16 ? 126 : 127;
  const start = [(isFinal ? 0x80 : 0) | (reserved << 4) | opcode, (isMasked ? 0x80 : 0) | short];
  return Buffer.concat([Buffer.from(start), extended, Buffer.alloc(isMasked ? 4 : 0), body]);
}

/** A close frame. */
export function closeFrame(code: number, reason: string | Uint8Array = ''): Buffer {
  return frame({
    opcode: opcodes.close,
    payload: Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]),
  });
}

/** A message in fragments of the given payloads, with what `between` gives after each but the last. */
export function fragments(
  payloads: readonly (string | Uint8Array)[],
  opcode = opcodes.text,
  between: Buffer = Buffer.alloc(0),
): Buffer {
  const frames = payloads.map((payload, index) =>
    frame({ opcode: index === 0 ? opcode : opcodes.continuation, isFinal: index === payloads.length - 1, payload }),
  );
  return Buffer.concat(frames.flatMap((part, index) => (index === 0 ? [part] : [between, part])));
}

/** Cuts bytes into pieces of `size`. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function fewestBits(length: bigint): 7 | 16 | 64 {
  if (length < 126n) return 7;
  return length < 65_536n ? 16 : 64;
}

/** The frames that a client's bytes hold, unmasked, and the bytes of the one that is not whole yet. */
export function readFrames(bytes: Buffer): { frames: { opcode: number; payload: Buffer }[]; rest: Buffer } {
  const frames: { opcode: number; payload: Buffer }[] = [];
  let rest = bytes;
  for (;;) {
    const short = (rest[1] ?? 0) & 0x7f;
    const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (rest.length < maskAt + 4) return { frames, rest };
    const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
    const end = maskAt + 4 + length;
    if (rest.length < end) return { frames, rest };
    const mask = rest.subarray(maskAt, maskAt + 4);
    const payload = Buffer.from(rest.subarray(maskAt + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
    frames.push({ opcode: (rest[0] ?? 0) & 0x0f, payload });
    rest = rest.subarray(end);
  }
}
