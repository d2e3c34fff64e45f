import type { Family, Verifier } from './claim.ts';
import { WebhookError } from './errors.ts';
import { checkWith, listOfSecrets, remembered } from './keys.ts';
import type { WebhookScheme } from './scheme.ts';
import { defaultSchemes, schemeOf, type SchemeName } from './schemes.ts';
import type { WebhookSecret } from './types.ts';

export interface VerifyOptions {
  /** Any one may have signed. */
  readonly secrets: WebhookSecret | readonly WebhookSecret[];
  /** What is accepted, by name or of your own. Default `['standard', 'mcp']`. */
  readonly schemes?: readonly (SchemeName | WebhookScheme)[] | undefined;
  /** How old a signature may be, and how far ahead of the clock here, in seconds. Default 300. */
  readonly toleranceSeconds?: number | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Throws a `WebhookError` for a secret that no scheme takes, a scheme without a secret, a tolerance that is no number. */
export function verifierOf({ secrets, schemes, toleranceSeconds = 300, now = Date.now }: VerifyOptions): Verifier {
  if (!(toleranceSeconds >= 0 && toleranceSeconds <= 86_400))
    throw new WebhookError('invalid_options', 'toleranceSeconds must be a number from 0 to 86,400');
  const isUsual = schemes === undefined && typeof secrets === 'string';
  const families = isUsual ? usualFamilies(secrets) : familiesOf(schemes?.map(schemeOf) ?? defaultSchemes, secrets);
  return { families, toleranceSeconds, now };
}

/** One secret and the default schemes need no look-up but this one. */
const usualFamilies = remembered((secret) => familiesOf(defaultSchemes, secret));

function familiesOf(schemes: readonly WebhookScheme[], secrets: VerifyOptions['secrets']): Family[] {
  const list = listOfSecrets(secrets);
  const families = schemes.map((scheme) => ({
    scheme,
    checks: list.flatMap((secret) => checkWith(scheme, secret) ?? []),
  }));
  const without = families.find(({ checks }) => checks.length === 0);
  const isUnused = (secret: WebhookSecret): boolean =>
    schemes.every((scheme) => checkWith(scheme, secret) === undefined);
  if (without !== undefined || list.some(isUnused)) throw misfit(schemes, without?.scheme);
  return families;
}

function misfit(schemes: readonly WebhookScheme[], without: WebhookScheme | undefined): WebhookError {
  if (schemes.length === 0) return new WebhookError('invalid_options', 'schemes must name at least one scheme');
  const what =
    without === undefined ? 'A secret fits none of the schemes' : `No secret fits the scheme ${without.name}`;
  const rule = 'standard and mcp take whsec_… or { secret, raw: true }, standard-v1a takes whpk_…, the others text';
  return new WebhookError('invalid_secret', `${what} (of ${schemes.map(({ name }) => name).join(', ')}): ${rule}`);
}
