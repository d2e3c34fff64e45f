import type { JsonObject } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { toOpenAITool } from '../src/to-openai-tool.ts';
import type { ConvertedTool } from '../src/types.ts';

/** One rule at work. */
export interface Case {
  /** The schema of a required property, and what becomes of it; false where no strict tool can be made. */
  readonly schema: unknown;
  readonly becomes: unknown;
  /** What a model writes, and what the tool gets. */
  readonly decodes?: readonly (readonly [written: unknown, args: unknown])[];
  /** What is lost: kinds and keywords. */
  readonly loses?: readonly string[];
  readonly $defs?: Record<string, unknown>;
}

/** Makes tests of cases. */
export function testCases(cases: Readonly<Record<string, Case>>): void {
  describe.each(Object.entries(cases))('%s', (_title, { schema, becomes, decodes = [], loses = [], $defs = {} }) => {
    const inputSchema = {
      type: 'object',
      properties: { p: schema },
      required: ['p'],
      additionalProperties: false,
      $defs,
    };

    function convert(): ConvertedTool<'responses'> {
      return toOpenAITool({ name: 't', inputSchema }, { api: 'responses', strict: 'require' });
    }

    if (becomes === false) {
      test('cannot be', () => expect(convert).toThrow('no arguments fit its schema'));
      return;
    }

    test('is converted', () => {
      const { tool, losses } = convert();
      expect((tool.parameters['properties'] as JsonObject)['p']).toEqual(becomes);
      expect(losses.map(({ kind, keyword }) => `${kind} ${keyword}`)).toEqual(loses);
    });

    if (decodes.length === 0) return;
    test('is decoded', () => {
      const { decode } = convert();
      for (const [written, args] of decodes) expect(decode({ p: written })).toEqual({ p: args });
    });
  });
}

/** An object as strict mode has it. */
export function closed(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** An object of any keys, as a list of its keys and values. */
export function entriesOf(value: unknown): Record<string, unknown> {
  return {
    description: 'An object, written as a list of its keys and values.',
    type: 'array',
    items: closed({ key: { type: 'string' }, value }),
  };
}

export const jsonText = 'A JSON object, written as text.';
export const anyJson: Record<string, string> = { $ref: '#/$defs/json_value' };
export const explicitNull: Record<string, string> = { $ref: '#/$defs/explicit_null' };
