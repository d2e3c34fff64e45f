import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64, toHex } from './encoding.ts';

describe('fromBase64', () => {
  it.each([0, 1, 2, 3, 31, 32, 33])('reads back %s bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37) & 255);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
  });

  it.each(['AA', 'AA=', 'AB==', 'AAF=', 'A A=', 'AA==\n', 'A-_=', '====', 'AA==AA==', 'ÀAA='])(
    'knows one spelling only: not "%s"',
    (text) => expect(fromBase64(text)).toBeUndefined(),
  );
});
