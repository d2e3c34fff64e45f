import { expect, test } from 'vitest';
import { redactor } from './redaction.ts';

const redact = redactor(['Bearer token-123', 'client-key', 'client-key-2', 'k']);

test.each([
  ['the header was client-key', 'the header was [redacted]'],
  ['client-key-2, whole', '[redacted], whole'],
  ['sent "Bearer token-123"', 'sent "[redacted]"'],
  ['token-123 alone', '[redacted] alone'],
  ['a short one, k, is no use to hide', 'a short one, k, is no use to hide'],
  ['see https://me:pass@host/mcp?key=1&b=2 there', 'see https://[redacted]@host/mcp?[redacted] there'],
  ['see ws://host/ws?token=x', 'see ws://host/ws?[redacted]'],
  ['nothing', 'nothing'],
])('%s', (text, safe) => {
  expect(redact(text)).toBe(safe);
});
