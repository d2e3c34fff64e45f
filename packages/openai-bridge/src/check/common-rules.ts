import type { JsonObject } from '@toolwire/client-core';
import { everySchema, hasType, isRecord } from './every-schema.ts';
import { findReference } from './find-reference.ts';
import { metaschemaFaults } from './metaschema.ts';
import type { Report } from './violation.ts';

/** A1 to A5, for the parameters of any function tool. */
export function checkCommonRules(parameters: unknown, report: Report): void {
  checkRoot(parameters, report);
  for (const { schema, path } of everySchema(parameters)) {
    if (!isRecord(schema)) {
      if (typeof schema !== 'boolean') report(path, 'A2', 'A schema is an object or a boolean.');
      continue;
    }
    for (const { keyword, fault } of metaschemaFaults(schema)) report(`${path}.${keyword}`, 'A2', fault);
    if (hasType(schema, 'array') && schema['items'] === undefined) report(path, 'A3', 'An array schema needs items.');
    for (const pattern of patternsOf(schema)) {
      if (hasLookaround(pattern)) report(`${path}.pattern`, 'A4', 'Regular expressions cannot look around.');
    }
    const reference = schema['$ref'];
    if (typeof reference === 'string' && !isSchema(findReference(parameters, reference)))
      report(`${path}.$ref`, 'A5', `${reference} does not exist in the parameters.`);
  }
}

const bannedAtRoot = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

function checkRoot(root: unknown, report: Report): void {
  if (!isRecord(root)) return;
  if (root['type'] !== 'object') report('.type', 'A1', 'The root must have the type "object".');
  if (!isRecord(root['properties'])) report('', 'A1', 'The root must have properties, even if there are none.');
  for (const keyword of bannedAtRoot) {
    if (keyword in root) report(`.${keyword}`, 'A1', `The root cannot have ${keyword}.`);
  }
}

function patternsOf(schema: JsonObject): string[] {
  const { pattern, patternProperties } = schema;
  return [
    ...(typeof pattern === 'string' ? [pattern] : []),
    ...(isRecord(patternProperties) ? Object.keys(patternProperties) : []),
  ];
}

/** Finds `(?=`, `(?!`, `(?<=` and `(?<!`, unless escaped or in a class. */
function hasLookaround(pattern: string): boolean {
  let isInClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '\\') index += 1;
    else if (character === '[') isInClass = true;
    else if (character === ']') isInClass = false;
    else if (character === '(' && !isInClass && /^\(\?<?[=!]/.test(pattern.slice(index, index + 4))) return true;
  }
  return false;
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isRecord(value);
}
