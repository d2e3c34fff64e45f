import { expect, test } from 'vitest';
import { hidingStdioTransport } from './stdio-hiding.ts';

test('hides what follows a flag that is named like a credential, and the credentials of URLs', async () => {
  const url = 'postgres://someone:pass-word@db.example/x?a=bcdefg';
  const source = `console.error(process.argv.slice(1).join(' ')); process.stdin.resume();`;
  const flags = ['auth-service', '--token=abcdefgh', '--api-key', 'ijklmnop', '--level', 'verbose', url];
  let written = '';
  const transport = hidingStdioTransport({
    command: process.execPath,
    args: ['-e', source, '--', ...flags],
    onStderr: (text) => (written += text),
  });
  await transport.start();
  await expect.poll(() => written).toContain('db.example');
  await transport.close();
  expect(written).toBe(
    'auth-service --token=[redacted] --api-key [redacted] --level verbose postgres://[redacted]:[redacted]@db.example/x?a=[redacted]\n',
  );
});
