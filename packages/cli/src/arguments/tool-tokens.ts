import { CliError } from '../cli-error.ts';
import { flagSpellings, isFlag, readOwnFlag, splitFlag, type OwnFlag } from '../own-flags.ts';
import { didYouMean } from '../suggest.ts';
import { findPlaces, type Matching, type PropertyPlace } from './property-path.ts';
import { isOpen, propertiesOf, typesOf } from './schema.ts';

/** What was written for one property: a text for the schema to read, JSON, a file of either, or a bare flag. */
export type Source =
  | { readonly kind: 'text' | 'json' | 'text-file' | 'json-file'; readonly text: string }
  | { readonly kind: 'switch'; readonly value: boolean };

/** One property of the arguments as it was written. */
export interface Entry extends PropertyPlace {
  readonly written: string;
  readonly source: Source;
}

/** The words after a tool's name, told apart: the tool's own, and the flags of ours that the tool does not claim. */
export interface ToolTokens {
  readonly entries: readonly Entry[];
  readonly flags: readonly OwnFlag[];
}

interface Step {
  readonly entry?: Entry;
  readonly flag?: OwnFlag;
  readonly width: 1 | 2;
}

/**
 * Reads the words after a tool's name: the tool's properties first, our flags second, those of `noun` among them. Throws
 * a usage error for a word that is neither.
 */
export function readToolTokens(tokens: readonly string[], schema: unknown, noun?: string): ToolTokens {
  const entries: Entry[] = [];
  const flags: OwnFlag[] = [];
  for (let index = 0; index < tokens.length;) {
    const { entry, flag, width } = readStep(tokens, index, schema, noun);
    if (entry !== undefined) entries.push(entry);
    if (flag !== undefined) flags.push(flag);
    index += width;
  }
  return { entries, flags };
}

/** Our flags among the words after a tool's name, as far as that can be told before its schema is known. */
export function guessOwnFlags(tokens: readonly string[], noun?: string): readonly OwnFlag[] {
  const flags: OwnFlag[] = [];
  for (let index = 0; index < tokens.length;) {
    const own = readOwnFlag(tokens, index, noun);
    if (own !== undefined) flags.push(own.flag);
    index += own?.width ?? 1;
  }
  return flags;
}

function readStep(tokens: readonly string[], index: number, schema: unknown, noun?: string): Step {
  const token = tokens[index] ?? '';
  return (
    readPair(token, schema) ??
    readToolFlag(tokens, index, schema, 'exact') ??
    readOwnFlag(tokens, index, noun) ??
    readToolFlag(tokens, index, schema, 'loose') ??
    refuse(token, schema)
  );
}

const pairKinds = { '=': 'text', ':=': 'json', '=@': 'text-file', ':=@': 'json-file' } as const;

function readPair(token: string, schema: unknown): Step | undefined {
  const match = /^([^-=:][^=]*?)(:=@|:=|=@|=)(.*)$/s.exec(token);
  if (match === null) return undefined;
  const [, written = '', operator = '=', text = ''] = match;
  const kind = operator in pairKinds ? pairKinds[operator as keyof typeof pairKinds] : 'text'; // narrowed by `in`
  const place =
    onePlace(written, findPlaces(written, schema, schema, 'exact')) ??
    onePlace(written, findPlaces(written, schema, schema, 'loose')) ??
    (isOpen(schema, schema) ? { path: [written], schema: undefined } : undefined);
  if (place === undefined) throw unknownArgument(written, schema);
  return { entry: { ...place, written, source: { kind, text } }, width: 1 };
}

function readToolFlag(tokens: readonly string[], index: number, schema: unknown, matching: Matching): Step | undefined {
  const token = tokens[index] ?? '';
  if (!isFlag(token) || !token.startsWith('--')) return undefined;
  const [written, inline] = splitFlag(token);
  const place = onePlace(written, findPlaces(written.slice(2), schema, schema, matching));
  if (place !== undefined) {
    const { source, width } = readValue(tokens, index, inline, place.schema, schema);
    return { entry: { ...place, written, source }, width };
  }
  const negated = written.startsWith('--no-') ? findPlaces(written.slice(5), schema, schema, matching) : [];
  const refused = onePlace(written, negated);
  if (refused === undefined || !typesOf(refused.schema, schema).includes('boolean')) return undefined;
  if (inline !== undefined) throw new CliError('usage', `${written} takes no value`);
  return { entry: { ...refused, written, source: { kind: 'switch', value: false } }, width: 1 };
}

function readValue(
  tokens: readonly string[],
  index: number,
  inline: string | undefined,
  schema: unknown,
  root: unknown,
): { source: Source; width: 1 | 2 } {
  if (inline !== undefined) return { source: { kind: 'text', text: inline }, width: 1 };
  const next = tokens[index + 1];
  const types = typesOf(schema, root);
  const isSwitch = types.includes('boolean');
  const isOnlySwitch = isSwitch && types.every((type) => type === 'boolean' || type === 'null');
  const isMissing = next === undefined || isFlag(next);
  if (isMissing && !isSwitch) {
    const flag = tokens[index] ?? '';
    throw new CliError('usage', `${flag} needs a value`, `A value that starts with -- is joined: ${flag}=--value`);
  }
  const stands = isMissing || (isOnlySwitch && next !== 'true' && next !== 'false');
  return stands
    ? { source: { kind: 'switch', value: true }, width: 1 }
    : { source: { kind: 'text', text: next }, width: 2 };
}

function onePlace(written: string, places: readonly PropertyPlace[]): PropertyPlace | undefined {
  if (places.length <= 1) return places[0];
  const names = places.map((place) => place.path.join('.')).join(' or ');
  throw new CliError('usage', `${written} could mean ${names}: write the one you mean`);
}

function refuse(token: string, schema: unknown): never {
  if (!token.startsWith('-')) {
    throw new CliError('usage', `Unexpected word "${token}"`, 'Arguments are written --key value or key=value');
  }
  const [written] = splitFlag(token);
  const toolFlags = [...propertiesOf(schema, schema).keys()].map((name) => `--${name}`);
  const open = isOpen(schema, schema) ? `This tool takes any name as ${written.replace(/^-+/, '')}=value` : undefined;
  throw new CliError('usage', `Unknown flag ${written}`, didYouMean(written, [...toolFlags, ...flagSpellings]) ?? open);
}

function unknownArgument(written: string, schema: unknown): CliError {
  const hint = didYouMean(written, propertiesOf(schema, schema).keys());
  return new CliError('usage', `This tool has no argument "${written}"`, hint);
}
