import type { JsonObject } from '@toolwire/client-core';
import { everySchema, hasType, isRecord } from './every-schema.ts';
import type { OpenAIRule, Report } from './violation.ts';

/** S1 to S6, for the parameters of a strict tool. */
export function checkStrictRules(parameters: unknown, report: Report): void {
  for (const { schema, path } of everySchema(parameters)) {
    if (typeof schema === 'boolean' && !path.endsWith('.additionalProperties'))
      report(path, 'S3', 'A schema cannot be a boolean.');
    if (!isRecord(schema)) continue;
    if (hasType(schema, 'object') || 'properties' in schema) checkObject(schema, path, report);
    if (!['type', '$ref', 'anyOf'].some((keyword) => keyword in schema))
      report(path, 'S2', 'A schema needs a type, a $ref or anyOf.');
    if ('$ref' in schema && Object.keys(schema).length > 1)
      report(path, 'S4', 'A $ref cannot have other keywords beside it.');
    for (const [keyword, rule] of banned) {
      if (keyword in schema) report(`${path}.${keyword}`, rule, `${keyword} is not in the strict subset.`);
    }
    if ('format' in schema && !formats.includes(String(schema['format'])))
      report(`${path}.format`, 'S5', `The format ${String(schema['format'])} is not in the strict subset.`);
    if (Array.isArray(schema['enum']) && schema['enum'].length === 0) report(`${path}.enum`, 'S2', 'enum is empty.');
  }
}

const banned = new Map<string, OpenAIRule>([
  ...['allOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'patternProperties'].map(
    (keyword) => [keyword, 'S3'] as const,
  ),
  ...['propertyNames', 'unevaluatedItems', 'unevaluatedProperties', 'contains', 'minContains', 'maxContains'].map(
    (keyword) => [keyword, 'S3'] as const,
  ),
  ...['uniqueItems', 'prefixItems', 'minProperties', 'maxProperties'].map((keyword) => [keyword, 'S3'] as const),
  ...['default', 'maxLength', 'minLength'].map((keyword) => [keyword, 'S6'] as const),
]);

const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];

function checkObject(schema: JsonObject, path: string, report: Report): void {
  if (schema['additionalProperties'] !== false) report(path, 'S1', 'An object needs additionalProperties: false.');
  if (!isRecord(schema['properties'])) return report(path, 'S1', 'An object needs properties, even if there are none.');
  const names = Object.keys(schema['properties']);
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const missing = names.filter((name) => !required.includes(name));
  const extra = required.filter((name) => typeof name !== 'string' || !names.includes(name));
  if (missing.length > 0)
    report(`${path}.required`, 'S1', `Every property must be required; missing: ${missing.join(', ')}.`);
  if (extra.length > 0) report(`${path}.required`, 'S1', `Extra required key: ${extra.join(', ')}.`);
  if (!Array.isArray(schema['required'])) report(path, 'S1', 'An object needs required, even if it is empty.');
}
