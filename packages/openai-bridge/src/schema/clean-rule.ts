import type { JsonObject } from '@toolwire/client-core';
import type { LossKind } from '../types.ts';

/** Notes what the converted tool does not say: `keyword` is concerned, `what` is a sentence for people. */
export type Lose = (kind: LossKind, keyword: string, what: string) => void;

/** What a rule for every function tool knows about the schema that it is given. */
export interface CleanContext {
  readonly lose: Lose;
  /** The name in `$defs` of the schema that `$ref` points to; undefined when there is none. */
  readonly nameOfTarget: (reference: string) => string | undefined;
  /** The name under which a property goes to the model. */
  readonly legalKey: (key: string) => string;
}

/** Brings one schema, but not those inside it, in line with one rule. */
export type CleanRule = (schema: JsonObject, context: CleanContext) => JsonObject;
