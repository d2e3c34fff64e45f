/** What can be asked for: the verbs of each noun. A noun without verbs says all: what follows it are its operands. */
export const verbsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['tools', ['list', 'show', 'call']],
  ['resources', ['list', 'read', 'templates', 'subscribe']],
  ['prompts', ['list', 'show', 'get']],
  ['complete', []],
  ['ping', []],
  ['logs', []],
  ['rpc', []],
  ['run', []],
  ['servers', ['list', 'show', 'check']],
  ['doctor', []],
  ['completion', []],
  ['openai', ['tools']],
  ['chat', []],
]);

/** Nouns that mean something with nothing after them. */
const standsAlone: ReadonlySet<string> = new Set(['ping', 'logs', 'doctor']);

/** Commands that name something with arguments of its own: what follows its name belongs to it first. */
const takesArguments: ReadonlySet<string> = new Set(['tools call', 'prompts get']);

/** How many of the first words are the command itself: its noun, and its verb. */
export function wordCount(noun: string): 1 | 2 {
  return verbsOf.get(noun)?.length === 0 ? 1 : 2;
}

/** True when `words` say what to do only together with something that follows them. */
export function needsMore(words: readonly string[], operands: readonly string[]): boolean {
  const [noun = '', verb] = words;
  const verbs = verbsOf.get(noun);
  if (verbs === undefined) return false;
  return verbs.length > 0 ? verb === undefined : operands.length === 0 && !standsAlone.has(noun);
}

/** True when the words after the name that `words` call belong to what is called. */
export function hasOwnArguments(words: readonly string[]): boolean {
  return takesArguments.has(words.slice(0, 2).join(' '));
}

interface Place {
  readonly where: string;
  fits(words: readonly string[]): boolean;
}

const calls: Place = { where: 'mcp tools call and mcp prompts get', fits: hasOwnArguments };
const results: Place = {
  where: 'commands that print what servers say',
  fits: ([noun = '']) => noun !== 'chat' && noun !== 'openai',
};

/** Where those flags are of use that are not for every command. */
export const placeOf: ReadonlyMap<string, Place> = new Map([
  ['input', calls],
  ['no-validate', calls],
  [
    'save',
    {
      where: 'mcp tools call, mcp prompts get and mcp resources read',
      fits: (words) => hasOwnArguments(words) || words.join(' ') === 'resources read',
    },
  ],
  ['output', results],
  ['raw', results],
  ['pick', results],
]);
