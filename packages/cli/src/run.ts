import { CliError } from './cli-error.ts';
import { parseCommandLine, type CommandLine } from './command-line.ts';
import type { CommandContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { needsMore, opensAnew, placeOf, verbsOf } from './grammar.ts';
import { print, type Io } from './io.ts';
import { readSettings } from './own-flags.ts';
import type { Servers } from './servers.ts';
import { didYouMean } from './suggest.ts';
import { readVersion } from './version.ts';

/** Commands that speak to no server of the configuration as the others do: each reads its command line itself. */
const ownLines: ReadonlyMap<string, (argv: readonly string[], io: Io) => Promise<ExitCode>> = new Map([
  ['proxy', async (argv, io) => (await import('./commands/proxy.ts')).proxy(argv, io)],
  ['__keep', async (argv, io) => (await import('./commands/keep.ts')).keep(argv, io)],
  ['__complete', async (argv, io) => (await import('./more-commands.ts')).completeWords(argv, io)],
  ['webhook', async (argv, io) => (await import('./commands/webhook.ts')).webhook(argv, io)],
]);

/** Runs one command line to its end: everything printed, every server closed but those of `kept`. Never throws. */
export async function run(argv: readonly string[], io: Io, kept?: Servers): Promise<ExitCode> {
  const report = { asJson: asksForJson(argv) };
  try {
    const ownLine = ownLines.get(argv[0] ?? '');
    if (ownLine !== undefined) return await ownLine(argv.slice(1), io);
    const line = parseCommandLine(argv);
    const settings = readSettings(line.flags);
    if (settings.version) return await printed(`${readVersion()}\n`, io);
    const topic = helpTopic(line, settings.help);
    if (topic !== undefined) return await printed((await import('./help.ts')).helpFor(topic), io);
    checkWords(line);
    return await execute({ line, settings, io, report }, kept);
  } catch (error) {
    const { failWith } = await import('./commands.ts');
    return failWith(error, io, report.asJson);
  }
}

async function execute(invocation: Omit<CommandContext, 'servers'>, kept: Servers | undefined): Promise<ExitCode> {
  const { line, io, report } = invocation;
  // What a command needs is loaded only here: help and version wait for none of it.
  const { commandFor, failWith, Servers: NewServers } = await import('./commands.ts');
  const command = await commandFor(line.words);
  if (command === undefined) throw new Error(`${line.words.join(' ')} is in the grammar, and nowhere else`);
  const isAnew = opensAnew(line.words);
  const servers = kept !== undefined && !isAnew ? kept : new NewServers(io, isAnew);
  const interruption = new AbortController();
  try {
    const code = await Promise.race([command({ ...invocation, servers }), interrupted(io, interruption.signal)]);
    return servers.hasDeclined && code < 2 ? 5 : code;
  } catch (error) {
    servers.stopShowing();
    // Told before the servers are closed: nobody should wait for those to read what failed.
    return await failWith(error, io, report.asJson);
  } finally {
    interruption.abort();
    await servers.close();
  }
}

/** Rejects when the user interrupts. */
function interrupted({ interrupted: signal }: Io, done: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new CliError('interrupted', 'Interrupted'));
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true, signal: done });
  });
}

function checkWords(line: CommandLine): void {
  const {
    words: [noun = '', verb = ''],
    flags,
  } = line;
  const verbs = verbsOf.get(noun);
  if (ownLines.has(noun)) throw new CliError('usage', `Flags of mcp ${noun} stand after it`, `See mcp ${noun} --help`);
  if (verbs === undefined) throw unknownWord(noun, [...verbsOf.keys(), ...ownLines.keys()]);
  if (verbs.length > 0 && !verbs.includes(verb)) throw unknownWord(verb, verbs);
  for (const { name, ofNoun, written } of flags) {
    const place = ofNoun ? undefined : placeOf.get(name);
    if (place?.fits(line.words) === false) throw new CliError('usage', `${written} is for ${place.where}`);
  }
}

function unknownWord(word: string, known: Iterable<string>): CliError {
  return new CliError('usage', `Unknown command "${word}"`, didYouMean(word, known) ?? 'See mcp --help');
}

/** The words that help is wanted for, if it is: `--help`, `mcp help …`, or a command that stops short of a verb. */
function helpTopic({ words, operands, command }: CommandLine, wantsHelp: boolean): readonly string[] | undefined {
  if (words[0] === 'help') return [...words.slice(1), ...operands.slice(0, 1)];
  const stopsShort = command === undefined && (words.length === 0 || needsMore(words, operands));
  return wantsHelp || stopsShort ? words : undefined;
}

async function printed(text: string, { stdout }: Io): Promise<ExitCode> {
  await print(stdout, text);
  return 0;
}

/** As far as that can be told before flags are read: a failure to read them is to be told too. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const line = ` ${(end === -1 ? argv : argv.slice(0, end)).join(' ')} `;
  return / (?:--json|(?:-o|--output)[ =]jsonl?) /.test(line);
}
