import { gatewayVerbs } from '../gateway/verbs.ts';
import { hasOwnArguments, verbsOf, wordCount } from '../grammar.ts';
import type { Io } from '../io.ts';
import { logLevels } from '../log-levels.ts';
import { flagSpellingsAfter, outputForms, readOwnFlag, readSettings, type OwnFlag } from '../own-flags.ts';
import { configuredNames, resolveTargets, type ServerTarget } from '../targets.ts';
import { knownTools, type KnownTool } from './known-tools.ts';
import { shells } from './shells.ts';

/** Commands with a command line of their own: their nouns are completed, and no more. */
const otherNouns = ['proxy', 'webhook', 'help'];
const takesServers = new Set(
  'list check templates ping logs doctor up lint lock verify save diff types client cli skill shell login logout status token'.split(
    ' ',
  ),
);

/** What follows `--`: the command of the server that is meant. */
type ServerCommand = readonly string[] | undefined;

/** The words that may stand where the last of `words` has begun. Nothing is started for it. */
export async function findWords(words: readonly string[], io: Io, command?: ServerCommand): Promise<readonly string[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return [];
  const { positional, flags, open } = read(before);
  const found =
    open === undefined ? await wordsAt(positional, flags, current, io, command) : await valuesOf(open, flags, io);
  // A name with a space or a control character in it would become something else in a shell.
  return [...new Set(found)].filter((word) => word.startsWith(current) && /^[^\s\p{C}]+$/u.test(word));
}

interface ReadWords {
  readonly positional: readonly string[];
  readonly flags: readonly OwnFlag[];
  /** The flag that the current word is the value of. */
  readonly open: OwnFlag | undefined;
}

function read(words: readonly string[]): ReadWords {
  const positional: string[] = [];
  const flags: OwnFlag[] = [];
  for (let index = 0; index < words.length;) {
    const own = readOwnFlag([...words, 'value'], index, positional[0]);
    if (own !== undefined && index + own.width > words.length) return { positional, flags, open: own.flag };
    if (own !== undefined) flags.push(own.flag);
    else if (!(words[index] ?? '').startsWith('-')) positional.push(words[index] ?? '');
    index += own?.width ?? 1;
  }
  return { positional, flags, open: undefined };
}

async function valuesOf({ name }: OwnFlag, flags: readonly OwnFlag[], io: Io): Promise<readonly string[]> {
  if (name === 'output') return outputForms;
  if (name === 'level') return logLevels;
  if (name === 'client') return (await import('../configuration.ts')).editorNames;
  if (name === 'dialect') return (await import('../gateway/gateway-options.ts')).dialects;
  if (name === 'gateway') return gatewayNames(flags, io);
  return name === 'server' ? serverNames(flags, io) : [];
}

async function wordsAt(
  positional: readonly string[],
  flags: readonly OwnFlag[],
  current: string,
  io: Io,
  serverCommand: ServerCommand,
): Promise<readonly string[]> {
  const [noun, verb] = positional;
  if (noun !== undefined && otherNouns.slice(0, 2).includes(noun)) return [];
  if (current.startsWith('-')) {
    const called = hasOwnArguments(positional) ? positional[wordCount(noun ?? '')] : undefined;
    const ofTool = called === undefined ? [] : await flagsOfTool(called, flags, io, serverCommand);
    return [...ofTool, ...flagSpellingsAfter(noun)];
  }
  if (noun === undefined) return [...verbsOf.keys(), ...otherNouns];
  if (noun === 'help') return [...verbsOf.keys(), ...(verbsOf.get(verb ?? '') ?? [])];
  const verbs = verbsOf.get(noun) ?? [];
  if (verbs.length > 0 && verb === undefined) return verbs;
  if (noun === 'completion') return shells;
  if (noun === 'gateway' && verb === 'servers' && positional.length === 2) return gatewayVerbs;
  if (noun === 'gateway' || noun === 'registry') return [];
  if (noun === 'down') return (await (await import('../warm/live-keepers.ts')).liveKeepers(io)).map(({ name }) => name);
  const command = positional.slice(0, wordCount(noun));
  if (noun === 'bench' || (noun === 'tools' && verb !== 'list'))
    return positional.length === command.length ? toolNames(flags, io, serverCommand) : [];
  if (noun === 'servers' && verb === 'import' && positional.length === 2)
    return (await import('../configuration.ts')).editorNames;
  if (noun === 'servers' && (verb === 'add' || verb === 'import')) return [];
  const isForServers = takesServers.has(command.at(-1) ?? '') || noun === 'servers';
  return isForServers ? serverNames(flags, io) : [];
}

async function serverNames(flags: readonly OwnFlag[], io: Io): Promise<readonly string[]> {
  return [...(await configuredNames(configOf(flags), io)), 'demo'];
}

function configOf(flags: readonly OwnFlag[]): string | undefined {
  return flags.findLast(({ name }) => name === 'config')?.value;
}

async function gatewayNames(flags: readonly OwnFlag[], io: Io): Promise<readonly string[]> {
  const { configuredGateways } = await import('../gateway/configured-gateways.ts');
  const gateways = await configuredGateways(configOf(flags), io).catch(() => new Map<string, never>());
  return [...gateways.keys()];
}

async function toolNames(flags: readonly OwnFlag[], io: Io, command: ServerCommand): Promise<readonly string[]> {
  const servers = await toolsOf(flags, io, command);
  const all = servers.flatMap(({ tools }) => tools.map(({ name }) => name));
  return servers.flatMap(({ target, tools }) =>
    tools.map(({ name }) => (all.filter((other) => other === name).length > 1 ? `${target.name}/${name}` : name)),
  );
}

async function flagsOfTool(
  name: string,
  flags: readonly OwnFlag[],
  io: Io,
  command: ServerCommand,
): Promise<readonly string[]> {
  const servers = await toolsOf(flags, io, command);
  const named = servers.flatMap(({ target, tools }) =>
    tools.filter((tool) => tool.name === name || `${target.name}/${tool.name}` === name),
  );
  return named.flatMap((tool) => tool.flags.map((flag) => `--${flag}`));
}

async function toolsOf(
  flags: readonly OwnFlag[],
  io: Io,
  command: ServerCommand,
): Promise<readonly { target: ServerTarget; tools: readonly KnownTool[] }[]> {
  const targets = await resolveTargets({ settings: readSettings(flags), command, isOnlyShown: true }, io);
  return Promise.all(targets.map(async (target) => ({ target, tools: await knownTools(target, io.env) })));
}
