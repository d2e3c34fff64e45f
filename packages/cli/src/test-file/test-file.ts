import type { JsonObject } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { readDocument } from '../read-document.ts';
import { checkPatterns, type Expectations } from './expectations.ts';

/** One call, and what is expected of its answer. */
export interface TestCase {
  readonly name?: string;
  /** A server of the file or of the configuration; needed where there are several. */
  readonly server?: string;
  readonly tool?: string;
  readonly arguments?: JsonObject;
  /** Any request of the protocol, in place of a tool. */
  readonly method?: string;
  readonly params?: JsonObject;
  readonly expect?: Expectations;
  /** Why it is not to run. */
  readonly skip?: string | boolean;
}

/** What a file of `mcp test` says. */
export interface TestFile {
  /** Servers by name, as in a configuration; relative paths start from the folder of the file. */
  readonly servers?: Readonly<Record<string, JsonObject>>;
  readonly tests: readonly TestCase[];
}

const text = { type: 'string' };
const object = { type: 'object' };
const duration = {
  anyOf: [
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'string', pattern: '^[0-9.]+(ms|s|m)?$' },
  ],
};
const texts = { anyOf: [text, { type: 'array', items: text }] };
const textMatch = { anyOf: [text, { ...fields({ equals: text, contains: texts, matches: text }), minProperties: 1 }] };
const code = { type: ['string', 'integer'] };

const testFileSchema = {
  ...fields({
    servers: { type: 'object', additionalProperties: object },
    tests: { type: 'array', minItems: 1, items: { $ref: '#/$defs/test' } },
  }),
  required: ['tests'],
  $defs: {
    test: {
      ...fields({
        name: text,
        server: text,
        tool: text,
        arguments: object,
        method: text,
        params: object,
        expect: { $ref: '#/$defs/expect' },
        skip: { type: ['string', 'boolean'] },
      }),
      oneOf: [{ required: ['tool'] }, { required: ['method'] }],
    },
    expect: fields({
      text: textMatch,
      structured: object,
      schema: { type: ['object', 'boolean'] },
      isError: { type: 'boolean' },
      error: { anyOf: [code, fields({ code, message: textMatch })] },
      within: duration,
    }),
  },
};

/** Reads a file of tests; throws a usage error for the first thing in it that could not be meant. */
export async function readTestFile(file: string, io: Pick<Io, 'cwd' | 'stdin'>): Promise<TestFile> {
  const content = await readDocument<TestFile>(file, testFileSchema, io);
  for (const [index, test] of content.tests.entries()) {
    try {
      checkPatterns(test.expect ?? {});
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CliError('usage', `${file}: tests[${index}].expect: ${reason}`);
    }
  }
  return content;
}

/** What a test is called: by its name, or by what it calls. */
export function titleOf({ name, tool, arguments: args, method, params }: TestCase): string {
  return name ?? `${tool ?? method ?? ''} ${JSON.stringify((tool === undefined ? params : args) ?? {})}`;
}

function fields(properties: object): object {
  return { type: 'object', properties, additionalProperties: false };
}
