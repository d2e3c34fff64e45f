import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { findSchemaViolation } from '@toolwire/client-core';

/** Says whether a value fits a schema; `isIndependent` is false where it had to be our own validator. */
export interface Judge {
  fits(value: unknown): boolean;
  readonly isIndependent: boolean;
}

const options = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  addUsedSchema: false,
  inlineRefs: false,
  ownProperties: true,
  logger: false,
  code: { optimize: false },
} as const;

const older = new Ajv2019(options);
const current = new Ajv2020(options);

/** A validator that shares no code with ours, for schemas that one can be found for. */
export function judgeOf(schema: unknown): Judge {
  const fitsByOurs = (value: unknown): boolean => findSchemaViolation(schema, value) === undefined;
  const isOlder = /"items":\[|"additionalItems"|"dependencies"/.test(JSON.stringify(schema));
  for (const validator of isOlder ? [older, current] : [current]) {
    try {
      const { $schema: _draft, $id: _id, ...body } = schema as Record<string, unknown>;
      const validate = validator.compile(body);
      validate({});
      return { fits: (value) => judged(() => validate(value)) ?? fitsByOurs(value), isIndependent: true };
    } catch {
      // A spelling that it does not know, or references without end.
    }
  }
  return { fits: fitsByOurs, isIndependent: false };
}

// Some schemas make it throw.
function judged(judge: () => boolean): boolean | undefined {
  try {
    return judge();
  } catch {
    return undefined;
  }
}
