import { McpError, type StdioServerConfig } from '@toolwire/client-core';
import { fill, type Ask } from './fill.ts';
import type { RegistryArgument, RegistryPackage } from './registry-server.ts';

/** How each kind of package is started. What a package itself would like to be started with is not heeded. */
const runners: Readonly<Record<string, (parts: Parts) => { command: string; args: string[] }>> = {
  npm: ({ name, runtime, own }) => ({ command: 'npx', args: ['-y', ...runtime, name('@'), ...own] }),
  pypi: ({ name, runtime, own }) => ({ command: 'uvx', args: [...runtime, name('@'), ...own] }),
  nuget: ({ name, runtime, own }) => ({ command: 'dnx', args: [...runtime, name('@'), '--yes', '--', ...own] }),
  oci: ({ name, runtime, own, environment }) => ({
    command: 'docker',
    args: ['run', '-i', '--rm', ...environment.flatMap((each) => ['-e', each]), ...runtime, name(':'), ...own],
  }),
};

interface Parts {
  /** The package with its version. */
  name: (separator: string) => string;
  runtime: readonly string[];
  own: readonly string[];
  /** Names of the variables. */
  environment: readonly string[];
}

/** The command that starts a package, and the same with its secrets as `…`. No shell is involved in either. */
export async function commandOf(
  wanted: RegistryPackage,
  ask: Ask,
): Promise<{ config: StdioServerConfig; shown: StdioServerConfig }> {
  const { registryType, identifier, version, runtimeArguments, packageArguments, environment } = wanted;
  const runner = Object.hasOwn(runners, registryType) ? runners[registryType] : undefined;
  if (runner === undefined) throw refused(`Packages of ${registryType} cannot be started`);
  for (const word of [identifier, version ?? ''])
    if (/^-|[\s;&|$`<>\\"']/.test(word)) throw refused(`${JSON.stringify(word)} is no name or version of a package`);
  const runtime = await filledArguments(runtimeArguments, ask);
  const own = await filledArguments(packageArguments, ask);
  const variables: { name: string; value: string; isSecret: boolean }[] = [];
  for (const variable of environment) {
    const value = await fill(variable, ask);
    if (value !== undefined) variables.push({ name: variable.name, value, isSecret: variable.isSecret });
  }
  const build = (which: 'value' | 'shown'): StdioServerConfig => ({
    ...runner({
      name: (separator) => (version === undefined ? identifier : `${identifier}${separator}${version}`),
      runtime: runtime.map((argument) => argument[which]),
      own: own.map((argument) => argument[which]),
      environment: variables.map(({ name }) => name),
    }),
    ...(variables.length > 0 && {
      env: Object.fromEntries(
        variables.map(({ name, value, isSecret }) => [name, which === 'shown' && isSecret ? '…' : value]),
      ),
    }),
  });
  return { config: build('value'), shown: build('shown') };
}

interface Word {
  value: string;
  shown: string;
}

async function filledArguments(args: readonly RegistryArgument[], ask: Ask): Promise<Word[]> {
  const words: Word[] = [];
  for (const argument of args) {
    const isFlag = argument.type === 'named' && argument.value === undefined && !argument.isRequired;
    const value = await fill(argument, ask);
    if (value === undefined) continue;
    if (argument.type === 'named') words.push({ value: argument.name, shown: argument.name });
    const isSecret = argument.isSecret || argument.variables.some((variable) => variable.isSecret);
    if (!(isFlag && value === '')) words.push({ value, shown: isSecret ? '…' : value });
  }
  return words;
}

function refused(problem: string): McpError {
  return new McpError('config-invalid', problem, { delivered: 'no' });
}
