import { describe, expect, it } from 'vitest';
import { inputOf, signatureVectors, type SignatureVector } from '../test-support/vectors.ts';
import { createReceiver, verifySignature } from './index.ts';

/** What no scheme here can express, and why. */
const inexpressible: Record<string, string> = {
  'Twilio: HMAC-SHA1 over the URL and the sorted form fields': 'our schemes sign the bytes of the body',
};

const toolwire = signatureVectors('toolwire');
const thirdParty = signatureVectors('third-party').filter(({ name }) => !(name in inexpressible));

describe.each([
  ['toolwire', toolwire],
  ['third-party', thirdParty],
])('%s', (_file, vectors) => {
  it.each(vectors)('$name', (vector) => checkVerdict(vector));
});

describe('either family of headers alone', () => {
  const withBoth = toolwire.filter(({ name, input: { headers } }) => {
    const isAboutBoth = name.startsWith('webhook-signature wrong');
    return !isAboutBoth && headers['webhook-signature'] !== undefined && headers['x-mcp-signature'] !== undefined;
  });
  const alone = withBoth.flatMap((vector) =>
    (['standard', 'mcp'] as const).map((scheme) => ({
      ...vector,
      scheme,
      input: { ...vector.input, schemes: [scheme] },
    })),
  );

  it.each(alone)('$scheme: $name', (vector) => checkVerdict(vector));
});

describe('the receiver', () => {
  const find = (start: string): SignatureVector => {
    const vector = toolwire.find(({ name }) => name.startsWith(start));
    if (vector === undefined) throw new Error(`There is no vector ${start}`);
    return vector;
  };
  const receiveAll = async (...vectors: SignatureVector[]) => {
    const [first] = vectors;
    const handled: unknown[] = [];
    const on = { '*': (event: unknown) => void handled.push(event) };
    const receiver = createReceiver({ ...inputOf(first ?? find('')).options, on, onError: () => {} });
    const answers: [number, unknown][] = [];
    for (const { body, headers } of vectors.map(inputOf)) {
      const answer = await receiver.receive(headers, body);
      answers.push([answer.status, JSON.parse(answer.body)]);
    }
    return { answers, handled };
  };

  it('handles a message once, and acknowledges it both times', async () => {
    const { answers, handled } = await receiveAll(
      find('both header families'),
      find('the first message a second time'),
    );
    expect(answers).toEqual([
      [200, { status: 'received' }],
      [200, { status: 'received' }],
    ]);
    expect(handled).toHaveLength(1);
  });

  it('knows the event of a subscription under another message id', async () => {
    const { handled } = await receiveAll(find('SEP-3415 event delivery'), find('SEP-3415 as finalised'));
    expect(handled).toHaveLength(1);
  });

  it('echoes a verification challenge', async () => {
    const { answers } = await receiveAll(find('a verification challenge'));
    expect(answers).toEqual([[200, { challenge: 'n0nce-Zm9v' }]]);
  });

  it('answers every refused vector alike', async () => {
    for (const vector of toolwire.filter(({ throws }) => throws !== undefined)) {
      const { answers, handled } = await receiveAll(vector);
      expect({ answers, handled }, vector.name).toEqual({
        answers: [[401, { error: 'Invalid signature' }]],
        handled: [],
      });
    }
  });
});

async function checkVerdict(vector: SignatureVector): Promise<void> {
  const { body, headers, options } = inputOf(vector);
  const verdict = await verifySignature(body, headers, options).then(
    ({ scheme }) => ({ scheme }),
    ({ code }) => ({ code }),
  );
  const scheme = expect.toBeOneOf([...vector.input.schemes]);
  expect(verdict).toEqual(vector.throws === undefined ? { scheme } : { code: vector.throws });
}
