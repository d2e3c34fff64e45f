import type { Ask, RegistryInput } from '@toolwire/gateway-client';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { print } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { lineReader } from '../terminal/line-reader.ts';
import { askSecret } from './ask-secret.ts';
import { describeInput } from './describe-server.ts';

/** What whoever adds a server gives for it. */
export interface Inputs {
  readonly ask: Ask;
  /** Every value that was given. */
  readonly given: readonly string[];
  /** Throws when `--set` names what the server does not take. */
  checkUnused(): void;
}

/** Takes values from `--set KEY=VALUE`, and asks a person for what must be given, and for secrets. */
export function readInputs({ settings, io }: CommandContext): Inputs {
  const set = new Map(settings.own.all('set').map(pairOf));
  const mayAsk = !settings.noInput && io.stdin.isTTY === true && io.stderr.isTTY === true;
  const known = new Set<string>();
  const given: string[] = [];

  async function ask(input: RegistryInput): Promise<string | undefined> {
    known.add(input.name);
    const value = set.get(input.name) ?? (await asked(input));
    if (value === undefined) return undefined;
    if (input.isSecret && set.has(input.name) && !/\$\{.+\}/.test(value)) throw visibleSecret(input);
    if (value !== input.default) given.push(value); // A default is the registry's word.
    return value;
  }

  async function asked(input: RegistryInput): Promise<string | undefined> {
    const { name, isRequired, isSecret, choices } = input;
    if (!isRequired && !isSecret) return undefined;
    if (!mayAsk) {
      if (isRequired && input.default === undefined) throw missing(input);
      return undefined;
    }
    const usual = input.default ?? (isSecret && isRequired ? variableFor(name) : undefined);
    for (;;) {
      const prompt = `${describeInput(input)}${usual === undefined ? '' : ` [${sanitizeLine(usual)}]`}: `;
      const line = isSecret ? await askSecret(prompt, io) : await lineReader(io)(io.interrupted)(prompt);
      if (line === undefined) throw new CliError('declined', `Nothing was added: ${name} was not given`);
      const value = line === '' ? usual : line;
      if (value === undefined && !isRequired) return undefined;
      if (value !== undefined && (choices === undefined || choices.includes(value))) return value;
      await print(
        io.stderr,
        choices === undefined ? 'It is required\n' : `It is one of ${sanitizeLine(choices.join(', '))}\n`,
      );
    }
  }

  return {
    ask,
    given,
    checkUnused() {
      const unknown = [...set.keys()].find((name) => !known.has(name));
      if (unknown === undefined) return;
      throw new CliError('usage', `This server takes no ${unknown}`, `It takes: ${[...known].join(', ') || 'nothing'}`);
    },
  };
}

function pairOf(text: string): readonly [string, string] {
  const end = text.indexOf('=');
  if (end < 1) throw new CliError('usage', 'A value is written --set KEY=VALUE');
  return [text.slice(0, end), text.slice(end + 1)];
}

/** A variable that the value may be left to, so that no secret stands in the file. */
function variableFor(name: string): string {
  return `\${${name.toUpperCase().replaceAll(/\W+/g, '_').replace(/^_|_$/g, '')}}`;
}

function visibleSecret({ name }: RegistryInput): CliError {
  const hint = `Leave it to a variable: --set '${name}=${variableFor(name)}', with the quotes`;
  return new CliError('usage', `${name} is a secret: on a command line others on this machine could read it`, hint);
}

function missing(input: RegistryInput): CliError {
  const value = input.isSecret ? variableFor(input.name) : 'VALUE';
  return new CliError(
    'usage',
    `A value is missing: ${describeInput(input)}`,
    `Give it: --set '${input.name}=${value}'`,
  );
}
