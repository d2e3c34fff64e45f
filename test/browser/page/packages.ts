import { toOpenAITool } from '@toolwire/openai-bridge';
import { isWebhookError, signWebhook, verifyWebhook, type SignedHeaders } from '@toolwire/webhooks';
import { equal, rejection, type Check } from './check.ts';

/** What Node has signed, for the page to verify. */
interface Signed {
  body: string;
  headers: SignedHeaders;
  secret: string;
}

/** The packages that do without a server. */
export const packageChecks: readonly Check[] = [
  {
    title: 'webhooks: what Node has signed is verified, and refused when a byte of it is another',
    async run() {
      const { body, headers, secret } = await signedByNode();
      const verify = (text: string): Promise<{ event: unknown }> =>
        verifyWebhook(new TextEncoder().encode(text), { ...headers }, { secrets: secret });
      equal((await verify(body)).event, JSON.parse(body));
      const error = await rejection(verify(body.replace('Ada', 'Eve')));
      equal([isWebhookError(error), error.code], [true, 'signature_mismatch']);
    },
  },
  {
    title: 'webhooks: the page signs as Node does',
    async run() {
      const { body, headers, secret } = await signedByNode();
      const timestamp = Number(headers['webhook-timestamp']);
      equal(await signWebhook(body, { id: headers['webhook-id'], secrets: secret, timestamp }), headers);
    },
  },
  {
    title: 'openai-bridge: a tool is converted, strictly, and its arguments are read back',
    async run() {
      const converted = toOpenAITool(tool, { api: 'chat' });
      equal(converted.tool, {
        type: 'function',
        function: {
          name: 'find',
          description: 'Finds notes',
          parameters: {
            type: 'object',
            properties: { text: { type: 'string' }, limit: { type: ['integer', 'null'] } },
            required: ['text', 'limit'],
            additionalProperties: false,
          },
          strict: true,
        },
      });
      equal(converted.decode({ text: 'ä', limit: null }), { text: 'ä' });
    },
  },
];

const tool = {
  name: 'find',
  description: 'Finds notes',
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string' }, limit: { type: 'integer' } },
    required: ['text'],
    additionalProperties: false,
  },
};

async function signedByNode(): Promise<Signed> {
  const response = await fetch('/signed', { method: 'POST', body: '{}' });
  return (await response.json()) as Signed; // As page-server.mjs answers.
}
