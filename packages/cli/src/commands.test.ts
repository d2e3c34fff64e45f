import { expect, test } from 'vitest';
import { commandFor } from './commands.ts';
import { verbsOf } from './grammar.ts';

const all = [...verbsOf].flatMap(([noun, verbs]) =>
  verbs.length === 0 ? [[noun]] : verbs.map((verb) => [noun, verb]),
);

test.each(all.map((words) => [words.join(' '), words] as const))('mcp %s is a command', async (_name, words) => {
  expect(await commandFor(words)).toBeTypeOf('function');
});

test.each([['servers'], ['servers', 'constructor'], ['config', 'editorNames'], ['runs', 'list'], ['toString']])(
  'words that are none name nothing: %s %s',
  async (...words) => {
    expect(await commandFor(words)).toBeUndefined();
  },
);
