import { expect, test } from 'vitest';
import { toolChoice } from './tool-choice.ts';

const pin = (name: string): string => name.replace('/', '__');

test.each<[what: string, wanted: unknown, first: unknown, then: unknown]>([
  ['a word', 'required', 'required', 'auto'],
  ['none', 'none', 'none', 'none'],
  ['a function of Responses', { type: 'function', name: 'a/b' }, { type: 'function', name: 'a__b' }, 'auto'],
  [
    'a function of Chat',
    { type: 'function', function: { name: 'a/b' } },
    { type: 'function', function: { name: 'a__b' } },
    'auto',
  ],
  [
    'a choice of Responses',
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'a/b' }] },
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'a__b' }] },
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'a__b' }] },
  ],
  [
    'a choice of Chat',
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'a/b' } }] },
    },
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'a__b' } }] },
    },
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'a__b' } }] },
    },
  ],
])('%s holds for the first request, and forces no second call', (_what, wanted, first, then) => {
  const choice = toolChoice(wanted, pin);
  expect(choice(true)).toEqual({ tool_choice: first });
  expect(choice(false)).toEqual({ tool_choice: then });
});

test('without a choice none is made', () => {
  expect(toolChoice(undefined, pin)(true)).toEqual({});
});
