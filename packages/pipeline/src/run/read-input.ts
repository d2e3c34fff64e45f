import { findSchemaViolation, type JsonObject } from '@toolwire/client-core';
import type { PipelineDefinition } from '../definition.ts';
import { PipelineError } from '../errors.ts';
import type { StoredValues } from './stored-value.ts';

/** The input of a run, with the defaults of its schema, as it is stored. Throws `input-invalid`. */
export function readInput(
  { name, input: schema }: PipelineDefinition,
  given: JsonObject,
  stored: StoredValues,
): JsonObject {
  const input = { ...defaultsOf(schema), ...given };
  const violation = schema === undefined ? undefined : findSchemaViolation(schema, input);
  if (violation !== undefined)
    throw new PipelineError('input-invalid', `The input of ${name} is wrong: ${violation.message}`);
  return storable(stored, input, `The input of ${name}`) as JsonObject; // A copy of an object.
}

/** A value from outside as it is stored. Throws `input-invalid` when it is too large; `what` it is, for the message. */
export function storable(stored: StoredValues, value: unknown, what: string): unknown {
  try {
    return stored.value(value);
  } catch (cause) {
    throw new PipelineError('input-invalid', `${what} cannot be stored: ${stored.error(cause)}`, { cause });
  }
}

function defaultsOf(schema: JsonObject | undefined): JsonObject {
  const properties = (schema?.['properties'] ?? {}) as Record<string, { default?: unknown }>; // A JSON Schema.
  const given = Object.entries(properties).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, value]],
  );
  return Object.fromEntries(given) as JsonObject; // Of JSON values.
}
