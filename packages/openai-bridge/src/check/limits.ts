import type { JsonObject } from '@toolwire/client-core';
import { everySchema, hasType, isRecord, partsOf } from './every-schema.ts';
import { findReference } from './find-reference.ts';
import type { Report } from './violation.ts';

const maxProperties = 5000;
const maxLevels = 10;
const maxCharacters = 120_000;
const maxEnumValues = 1000;
const maxDepth = 500;
const longEnum = { values: 250, characters: 15_000 };

/** S7: how large the parameters of a strict tool may be. */
export function checkLimits(parameters: unknown, report: Report): void {
  let properties = 0;
  let characters = 0;
  let enumValues = 0;
  for (const { schema, path } of everySchema(parameters)) {
    if (!isRecord(schema)) continue;
    const names = namesIn(schema, 'properties');
    const values: unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : [];
    properties += names.length;
    enumValues += values.length;
    characters += lengthOf([...names, ...namesIn(schema, '$defs'), ...namesIn(schema, 'definitions'), ...values]);
    if ('const' in schema) characters += lengthOf([schema['const']]);
    if (values.length > longEnum.values && lengthOf(values) > longEnum.characters)
      report(
        `${path}.enum`,
        'S7',
        `An enum of over ${longEnum.values} values has at most ${longEnum.characters} characters.`,
      );
  }
  const levels = levelsOf(parameters);
  if (properties > maxProperties)
    report('', 'S7', `There are ${properties} properties; ${maxProperties} are the most.`);
  if (levels > maxLevels) report('', 'S7', `Objects and arrays are nested ${levels} deep; ${maxLevels} is the most.`);
  if (characters > maxCharacters)
    report('', 'S7', `Names and values have ${characters} characters; ${maxCharacters} are the most.`);
  if (enumValues > maxEnumValues)
    report('', 'S7', `There are ${enumValues} enum values; ${maxEnumValues} are the most.`);
}

function namesIn(schema: JsonObject, keyword: string): string[] {
  const map = schema[keyword];
  return isRecord(map) ? Object.keys(map) : [];
}

function lengthOf(values: readonly unknown[]): number {
  return values.reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value : JSON.stringify(value)).length,
    0,
  );
}

/** How deep objects and arrays lie in each other, through references too; one inside itself counts once. */
function levelsOf(root: unknown): number {
  const known = new Map<unknown, number>();

  function measure(schema: unknown, depth: number): number {
    if (!isRecord(schema) || depth > maxDepth) return 0;
    const before = known.get(schema);
    if (before !== undefined) return before;
    known.set(schema, 0);
    const inner = partsOf({ schema: { ...schema, $defs: {}, definitions: {} }, path: '' }).map((part) => part.schema);
    const target = typeof schema['$ref'] === 'string' ? findReference(root, schema['$ref']) : undefined;
    const deepest = Math.max(0, ...[...inner, target].map((part) => measure(part, depth + 1)));
    const levels = deepest + (hasType(schema, 'object') || hasType(schema, 'array') ? 1 : 0);
    known.set(schema, levels);
    return levels;
  }

  return measure(root, 0);
}
