import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { ModelAddress } from './model-client.ts';

const openAIUrl = 'https://api.openai.com/v1';

/** Where OPENAI_BASE_URL and OPENAI_API_KEY say that the model is; servers other than OpenAI's may need no key. */
export function findModel({ OPENAI_BASE_URL: written = openAIUrl, OPENAI_API_KEY: apiKey }: Io['env']): ModelAddress {
  if (!/^https?:\/\//.test(written) || !URL.canParse(written)) {
    throw new CliError('usage', 'OPENAI_BASE_URL is no http:// or https:// URL', `For example ${openAIUrl}`);
  }
  const baseUrl = new URL(written);
  if (isOpenAI(baseUrl) && !apiKey) {
    throw new CliError(
      'model-unauthorized',
      'OPENAI_API_KEY is not set',
      'Set it to a key of your account, or OPENAI_BASE_URL to another server of that API',
    );
  }
  return { baseUrl, apiKey: apiKey || undefined };
}

/** Servers of others know Chat Completions as a rule, and often nothing else. */
export function usualApi({ baseUrl }: ModelAddress): 'chat' | 'responses' {
  return isOpenAI(baseUrl) ? 'responses' : 'chat';
}

function isOpenAI({ hostname }: URL): boolean {
  return hostname === 'api.openai.com';
}
