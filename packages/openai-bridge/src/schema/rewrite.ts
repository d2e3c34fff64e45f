import type { JsonObject } from '@toolwire/client-core';
import type { Schema } from './json.ts';
import type { LossKind } from '../types.ts';

/** One run of a decoder over the arguments of a call. */
export interface Decoding {
  /** Hears, in a sentence for the model, of what cannot be read. */
  readonly onProblem: (problem: string) => void;
  /** What the work of this run is taken from; at 0 the rest stays as it is. */
  readonly budget: { left: number };
}

export type Decode = (value: unknown, decoding: Decoding) => unknown;

/** How a value is written that the strict subset cannot hold as it is. */
export type Encoding = 'json_text' | 'entries';

/** A schema as a model gets it, and the way back for its values; without `decode` they are what they were. */
export interface Rewrite {
  readonly schema: JsonObject;
  readonly decode?: Decode | undefined;
  /** Set where values have another type than they had. */
  readonly encoding?: Encoding | undefined;
}

/** A part of the schema that is being made strict, and what the rules may ask about the whole. */
export interface Place {
  /** In the tool, like `inputSchema.properties.filter`. */
  readonly path: string;
  /** In the arguments, like `filter`; '' is the root. */
  readonly argument: string;
  readonly isRoot: boolean;
  /** The definitions of the tool, not strict yet. */
  readonly definitions: ReadonlyMap<string, Schema>;
  /** The place of a part: `step` leads there in the schema, `argument` in the arguments. */
  at(step: string, argument?: string): Place;
  /** Makes a part strict; false when no value fits. */
  convert(schema: Schema): Rewrite | false;
  /** The same schema without references and combinations, except for one `anyOf`; false when no value fits. */
  flatten(schema: Schema): Schema;
  /** Whether a value fits a part of the tool's own schema. */
  fits(schema: Schema, value: unknown): boolean;
  /** Whether a value fits a part that was made strict; to be asked when all is. */
  fitsStrict(schema: JsonObject, value: unknown): boolean;
  /** A reference to a definition of the tool, which is made strict too. */
  refer(name: string): Rewrite;
  /** A reference to a definition of ours. */
  share(name: string, define: (reference: JsonObject) => JsonObject): JsonObject;
  lose(kind: LossKind, keyword: string, what: string): void;
}

/** Takes what one rule forbids out of a schema, and leaves the rest to the next rule. */
export type FlatRule = (schema: JsonObject, place: Place) => Schema | undefined;

/** Makes one kind of schema strict, with all that is inside it; undefined for other kinds. */
export type FinalRule = (schema: JsonObject, place: Place) => Rewrite | false | undefined;

/** Thrown where a schema cannot be strict; the message says why. */
export class NotStrict extends Error {}
