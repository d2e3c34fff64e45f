import { McpError, type JsonObject } from '@toolwire/client-core';
import { flagAt, given, listAt, objectAt, textAt } from '../json.ts';

/** A value that whoever uses a server has to give, or may give. */
export interface RegistryInput {
  readonly name: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly default?: string;
  /** The values that are allowed. */
  readonly choices?: readonly string[];
  /** A value that is given, with `{name}` for each of `variables`. */
  readonly value?: string;
  readonly variables: readonly RegistryInput[];
}

/** An argument of a command. */
export interface RegistryArgument extends RegistryInput {
  /** `named`: its name comes before its value. */
  readonly type: 'named' | 'positional';
}

/** Where a server is already running. */
export interface RegistryRemote {
  readonly type: 'streamable-http' | 'sse';
  /** With `{name}` for each of `variables`. */
  readonly url: string;
  readonly headers: readonly RegistryInput[];
  readonly variables: readonly RegistryInput[];
}

/** How a server is started as a command. */
export interface RegistryPackage {
  /** `npm`, `pypi`, `oci`, `nuget`, `mcpb`, or what will come. */
  readonly registryType: string;
  readonly identifier: string;
  readonly version: string | undefined;
  /** What it speaks once it runs: `stdio`, or an address of its own. */
  readonly transport: string;
  readonly runtimeArguments: readonly RegistryArgument[];
  readonly packageArguments: readonly RegistryArgument[];
  readonly environment: readonly RegistryInput[];
}

/** A server as a registry describes it. */
export interface RegistryServer {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly version?: string;
  readonly status: 'active' | 'deprecated' | 'deleted';
  readonly remotes: readonly RegistryRemote[];
  readonly packages: readonly RegistryPackage[];
}

/** Reads an entry of `/v0.1/servers`. */
export function readRegistryEntry(entry: JsonObject): RegistryServer {
  const server = objectAt(entry, 'server') ?? {};
  const official = objectAt(objectAt(entry, '_meta'), 'io.modelcontextprotocol.registry/official');
  const name = textAt(server, 'name');
  if (name === undefined) throw new McpError('invalid-response', 'The registry lists a server without a name');
  const status = textAt(official, 'status') ?? textAt(server, 'status');
  return {
    name,
    ...given({
      title: textAt(server, 'title'),
      description: textAt(server, 'description'),
      version: textAt(server, 'version'),
    }),
    status: status === 'deprecated' || status === 'deleted' ? status : 'active',
    remotes: (listAt(server, 'remotes') ?? []).flatMap(readRemote),
    packages: (listAt(server, 'packages') ?? []).flatMap(readPackage),
  };
}

function readRemote(raw: JsonObject): RegistryRemote[] {
  const url = textAt(raw, 'url');
  const type = textAt(raw, 'type');
  if (url === undefined || (type !== 'streamable-http' && type !== 'sse')) return [];
  return [{ type, url, headers: (listAt(raw, 'headers') ?? []).map(readInput), variables: readVariables(raw) }];
}

function readPackage(raw: JsonObject): RegistryPackage[] {
  const registryType = textAt(raw, 'registryType');
  const identifier = textAt(raw, 'identifier');
  if (registryType === undefined || identifier === undefined) return [];
  return [
    {
      registryType,
      identifier,
      version: textAt(raw, 'version'),
      transport: textAt(objectAt(raw, 'transport'), 'type') ?? 'stdio',
      runtimeArguments: (listAt(raw, 'runtimeArguments') ?? []).map(readArgument),
      packageArguments: (listAt(raw, 'packageArguments') ?? []).map(readArgument),
      environment: (listAt(raw, 'environmentVariables') ?? []).map(readInput),
    },
  ];
}

function readArgument(raw: JsonObject): RegistryArgument {
  return { ...readInput(raw), type: textAt(raw, 'type') === 'named' ? 'named' : 'positional' };
}

function readInput(raw: JsonObject): RegistryInput {
  const { choices } = raw;
  return {
    name: textAt(raw, 'name', 'valueHint') ?? '',
    isRequired: flagAt(raw, 'isRequired') ?? false,
    isSecret: flagAt(raw, 'isSecret') ?? false,
    variables: readVariables(raw),
    ...given({
      description: textAt(raw, 'description'),
      default: textAt(raw, 'default'),
      value: textAt(raw, 'value'),
      choices: Array.isArray(choices) ? choices.map(String) : undefined,
    }),
  };
}

function readVariables(raw: JsonObject): RegistryInput[] {
  return Object.entries(objectAt(raw, 'variables') ?? {}).map(([name, variable]) =>
    readInput({ ...(variable as JsonObject | null), name }),
  );
}
