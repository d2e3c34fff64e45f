import { expect, test } from 'vitest';
import { stderrRing } from './stderr-ring.ts';

test('keeps the end of what was written, whatever the chunks', () => {
  const text = Array.from({ length: 50 }, (_value, index) => `line ${index}\n`).join('');
  for (const chunkLength of [1, 3, 17, 64, 100, 1000]) {
    const ring = stderrRing(64);
    for (let start = 0; start < text.length; start += chunkLength) {
      ring.push(Buffer.from(text.slice(start, start + chunkLength)));
      const written = text.slice(0, start + chunkLength);
      expect(ring.tail(64)).toBe(written.slice(-64));
      expect(ring.tail(10)).toBe(written.slice(-10));
    }
  }
});

test('has nothing to say of a silent server', () => {
  expect(stderrRing().tail(4096)).toBe('');
});

test('does not begin with half a character', () => {
  const ring = stderrRing();
  ring.push(Buffer.from('漢字'));
  expect(ring.tail(5)).toBe('字');
  expect(ring.tail(4)).toBe('字');
});
