import { readFileSync } from 'node:fs';
import type { SchemeName } from '../src/index.ts';

export interface SignatureVector {
  readonly name: string;
  readonly input: {
    readonly schemes: readonly SchemeName[];
    readonly secrets: readonly string[];
    readonly now?: number;
    readonly toleranceSeconds?: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly bodyBase64: string;
  };
  readonly expect?: 'verified' | 'duplicate';
  readonly throws?: string;
}

export function signatureVectors(file: string): readonly SignatureVector[] {
  const url = new URL(`../../../vectors/webhook-signatures/${file}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: readonly SignatureVector[] }).cases;
}

/** What to call `verifySignature` with. */
export function inputOf({ input: { bodyBase64, headers, now, ...options } }: SignatureVector): {
  body: Uint8Array;
  headers: Readonly<Record<string, string>>;
  options: Omit<SignatureVector['input'], 'bodyBase64' | 'headers' | 'now'> & { now?: () => number };
} {
  const clock = now === undefined ? {} : { now: () => now * 1000 };
  return { body: Buffer.from(bodyBase64, 'base64'), headers, options: { ...options, ...clock } };
}
