/** What can be asked for: the verbs of each noun. A noun without verbs says all: what follows it are its operands. */
export const verbsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['tools', ['list', 'search', 'show', 'call']],
  ['resources', ['list', 'read', 'templates', 'subscribe']],
  ['prompts', ['list', 'show', 'get']],
  ['complete', []],
  ['ping', []],
  ['logs', []],
  ['rpc', []],
  ['run', []],
  ['runs', ['ls', 'show', 'resume', 'retry', 'cancel', 'answer', 'prune']],
  ['worker', []],
  ['servers', ['list', 'show', 'check', 'add', 'remove', 'import', 'install', 'trust']],
  ['config', ['path', 'validate', 'show']],
  ['gateway', ['servers', 'health']],
  ['registry', ['search', 'show', 'add']],
  ['shell', []],
  ['tasks', ['list', 'get', 'result', 'cancel', 'wait']],
  ['auth', ['login', 'logout', 'status', 'token']],
  ['doctor', []],
  ['completion', []],
  ['up', []],
  ['down', []],
  ['ps', []],
  ['bench', []],
  ['mock', []],
  ['record', []],
  ['replay', []],
  ['test', []],
  ['trace', []],
  ['schema', ['lock', 'verify', 'save', 'diff']],
  ['lint', []],
  ['generate', ['types', 'client', 'cli', 'skill']],
  ['openai', ['tools']],
  ['chat', []],
]);

/** Nouns that mean something with nothing after them. */
const standsAlone: ReadonlySet<string> = new Set([
  'shell',
  'ping',
  'logs',
  'lint',
  'doctor',
  'up',
  'down',
  'ps',
  'trace',
  'worker',
]);

/** Commands that name something with arguments of its own: what follows its name belongs to it first. */
const takesArguments: ReadonlySet<string> = new Set(['tools call', 'prompts get', 'bench']);

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
  return takesArguments.has(words.slice(0, wordCount(words[0] ?? '')).join(' '));
}

/** Commands that look at how a server starts, or at the server itself: no connection that is kept warm could tell them. */
const startAnew: ReadonlySet<string> = new Set(['doctor', 'servers check', 'bench', 'test']);

/** True when the servers of `words` are connected to anew, although some may be kept warm. */
export function opensAnew(words: readonly string[]): boolean {
  return startAnew.has(words.join(' '));
}

interface Place {
  readonly where: string;
  fits(words: readonly string[]): boolean;
}

const calls: Place = { where: 'mcp tools call, mcp bench and mcp prompts get', fits: hasOwnArguments };
const noResults: ReadonlySet<string> = new Set(['chat', 'generate', 'openai', 'mock', 'record', 'replay', 'trace']);
const results: Place = {
  where: 'commands that print what servers say',
  fits: ([noun = '']) => !noResults.has(noun),
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
