import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { signatureVectors } from '../test-support/vectors.ts';

it('verifies, signs and receives with WebCrypto, where there is no Buffer', async () => {
  const program = fileURLToPath(new URL('../test-support/without-buffer.ts', import.meta.url));
  const conditions = ['--conditions=browser', '--conditions=@toolwire/source'];
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', ...conditions, program]);
  const vectors = ['toolwire', 'third-party'].flatMap(signatureVectors);
  const verdicts = Object.fromEntries(
    vectors.map(({ name, throws = 'verified' }) => [name, name.startsWith('Twilio') ? 'invalid_options' : throws]),
  );
  expect(JSON.parse(stdout)).toEqual({
    platform: 'platform-web.ts',
    hasBuffer: false,
    verdicts,
    status: 200,
    tools: ['😊'],
  });
});
