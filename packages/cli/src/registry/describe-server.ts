import type { RegistryInput, RegistryServer } from '@toolwire/gateway-client';
import { sanitize, sanitizeLine } from '../output/sanitize.ts';

/** How a server is used: where it runs, or what kinds of package there are of it. */
export function waysOf({ remotes, packages }: RegistryServer): string {
  return [...new Set([...remotes.map(() => 'remote'), ...packages.map(({ registryType }) => registryType)])].join(', ');
}

/** A server as people read about it before they add it. */
export function describeServer(server: RegistryServer): string {
  const { name, title = '', version = '', status, description = '', remotes, packages } = server;
  const heading = [name, version, status === 'active' ? '' : `(${status})`].filter((part) => part !== '').join(' ');
  const ways = [
    ...remotes.map(({ type, url }) => `runs at ${url} (${type})`),
    ...packages.map((each) => `starts as ${[each.registryType, each.identifier, each.version ?? ''].join(' ')}`),
  ];
  const inputs = inputsOf(server).map(describeInput);
  const parts = [
    [heading, title, description].filter((line) => line !== '').join('\n'),
    ways.map(sanitizeLine).join('\n'),
    inputs.length === 0 ? '' : ['takes', ...inputs.map((line) => `  ${line}`)].join('\n'),
    `Add it: mcp registry add ${sanitizeLine(name)}`,
  ];
  return `${parts
    .filter((part) => part !== '')
    .map((part) => sanitize(part))
    .join('\n\n')}\n`;
}

/** All that whoever uses a server is asked for, each name once. */
function inputsOf({ remotes, packages }: RegistryServer): RegistryInput[] {
  const outer = [
    ...remotes.flatMap(({ headers, variables }) => [...headers, ...variables]),
    ...packages.flatMap((each) => [...each.runtimeArguments, ...each.packageArguments, ...each.environment]),
  ];
  const asked = outer.flatMap((input) => askedOf(input));
  return [...new Map(asked.map((input) => [input.name, input])).values()];
}

/** What has a value asks for the variables in it. */
function askedOf(input: RegistryInput): RegistryInput[] {
  return input.value === undefined ? [input] : input.variables.flatMap((variable) => askedOf(variable));
}

/** What an input is for, in one line. */
export function describeInput({ name, description, isRequired, isSecret, choices, ...input }: RegistryInput): string {
  const kinds = [
    isRequired && input.default === undefined ? 'required' : '',
    isSecret ? 'secret' : '',
    choices === undefined ? '' : `one of ${choices.join(', ')}`,
    input.default === undefined ? '' : `default ${input.default}`,
  ].filter((kind) => kind !== '');
  return sanitizeLine([name, ...(kinds.length > 0 ? [`(${kinds.join('; ')})`] : []), description ?? ''].join(' '));
}
