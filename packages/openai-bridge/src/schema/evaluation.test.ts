import { afterAll, describe, expect, test } from 'vitest';
import { brokenTools, fixtureTools, hasCorpus, realTools, type ListedTool } from '../../test-support/schema-corpus.ts';
import { evaluate, type Evaluation } from '../../test-support/schema-evaluation.ts';
import { seeded } from '../../test-support/schema-random.ts';
import { randomToolSchema } from '../../test-support/schema-schemas.ts';
import type { StrictMode } from '../types.ts';

const rows: Record<string, Record<string, number>> = {};

function unseenTools(): ListedTool[] {
  return Array.from({ length: 400 }, (_value, seed) => ({
    name: `#${seed}`,
    inputSchema: randomToolSchema(seeded(seed)),
  }));
}

function expectEvaluation(title: string, tools: readonly ListedTool[], strict: StrictMode): Evaluation {
  const found = evaluate(tools, strict);
  rows[`${title}, ${strict}`] = {
    tools: found.tools,
    strict: found.strict,
    'break a rule': found.brokenRules.length,
    'valid arguments': found.valid,
    refused: found.refused.length,
    'invalid arguments': found.invalid,
    'let through': found.letThrough.length,
    'no arguments found': found.unreached.length,
    'not judged by ajv': found.judgedByUs,
  };
  expect(found.brokenRules).toEqual([]);
  expect(found.refused).toEqual([]);
  expect(found.letThrough.length / found.invalid).toBeLessThan(0.01);
  expect(found.valid).toBeGreaterThan(tools.length);
  expect(found.invalid).toBeGreaterThan(tools.length);
  return found;
}

function everyNth(tools: readonly ListedTool[], count: number): ListedTool[] {
  return tools.filter((_tool, index) => index % count === 0);
}

const modes: readonly StrictMode[] = ['auto', 'off'];

describe.each(modes)('strict: %s', (strict) => {
  const share = strict === 'auto' ? 0.85 : 0;

  test('takes what the tools of the fixture take, and nothing else', () => {
    const tools = fixtureTools();
    expect(expectEvaluation('fixture', tools, strict).strict / tools.length).toBeGreaterThanOrEqual(share);
  });

  test('takes what tools take that nobody has written yet, and nothing else', () => {
    expectEvaluation('random schemas', unseenTools(), strict);
  });

  describe.skipIf(!hasCorpus)(hasCorpus ? 'real tools' : 'real tools (skipped: ../shared/corpus is not there)', () => {
    test('takes what tools take that broke other clients, and nothing else', () => {
      const tools = brokenTools();
      expect(expectEvaluation('broken schemas', tools, strict).strict / tools.length).toBeGreaterThanOrEqual(share);
    });

    test('takes what real tools take, and nothing else', { timeout: 180_000 }, () => {
      const tools = strict === 'auto' ? realTools() : everyNth(realTools(), 8);
      expect(expectEvaluation('real tools', tools, strict).strict / tools.length).toBeGreaterThanOrEqual(share);
    });
  });
});

afterAll(() => console.table(rows));
