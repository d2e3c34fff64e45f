import { WebhookError } from './errors.ts';
import type { WebhookScheme } from './scheme.ts';
import { github } from './schemes/github.ts';
import { mcpDraft } from './schemes/mcp-draft.ts';
import { mcpLegacy } from './schemes/mcp-legacy.ts';
import { mcp } from './schemes/mcp.ts';
import { shopify } from './schemes/shopify.ts';
import { slack } from './schemes/slack.ts';
import { standardV1a } from './schemes/standard-v1a.ts';
import { standard } from './schemes/standard.ts';
import { stripe } from './schemes/stripe.ts';

export type SchemeName =
  | 'standard'
  | 'mcp'
  | 'standard-v1a'
  | 'mcp-draft'
  | 'mcp-legacy'
  | 'github'
  | 'slack'
  | 'stripe'
  | 'shopify';

export const defaultSchemes: readonly WebhookScheme[] = [standard, mcp];

const schemes: Record<SchemeName, WebhookScheme> = {
  standard,
  mcp,
  'standard-v1a': standardV1a,
  'mcp-draft': mcpDraft,
  'mcp-legacy': mcpLegacy,
  github,
  slack,
  stripe,
  shopify,
};

/** The scheme of that name, or the one that was handed over. */
export function schemeOf(scheme: SchemeName | WebhookScheme): WebhookScheme {
  if (typeof scheme === 'object') return scheme;
  if (Object.hasOwn(schemes, scheme)) return schemes[scheme];
  const known = Object.keys(schemes).join(', ');
  throw new WebhookError('invalid_options', `There is no scheme "${scheme}"; known are ${known}`);
}
