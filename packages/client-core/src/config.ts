import { parseConfigText } from './config-json.ts';
import { expandHome, interpolate, type Variables } from './config-variables.ts';
import { ConfigError } from './errors.ts';
import { quote } from './protocol/excerpt.ts';
import { formatPath, type PathStep } from './protocol/json-schema/json-path.ts';
import { typeOf } from './protocol/json-schema/values.ts';
import { isObject, type JsonObject } from './protocol/jsonrpc.ts';
import type { HttpServerConfig, ServerConfig, StdioServerConfig } from './target.ts';

/** Where a configuration comes from, and what fills its `${VARIABLES}`. */
export interface ParseConfigOptions {
  /** Named in errors; nothing is read from it. */
  file: string;
  /** The values of `${NAME}`, `${env:NAME}` and `${NAME:-default}`. Default: none is set. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The text of `${file:path}`; the message of what it throws ends a sentence: "does not exist". Default: an error. */
  readFile?: (path: string) => string;
  /** What a leading `~` of a command, a `cwd` or a `${file:path}` stands for. Default: `HOME` or `USERPROFILE` of `env`. */
  home?: string | undefined;
  /** Where the servers stand in the file. Default `['mcpServers']`; VS Code has `['servers']`. */
  path?: readonly string[];
}

/**
 * Reads the servers of an `mcpServers` object, by name and in its order; entries with `disabled: true` are left out.
 * Takes JSON, with comments and trailing commas or without, or its value. Throws a `ConfigError` that names the file with
 * line and column, or the path of the entry and what is expected.
 */
export function parseConfig(config: string | object, options: ParseConfigOptions): Record<string, ServerConfig> {
  const { file, env = {}, readFile, home = env['HOME'] ?? env['USERPROFILE'], path = ['mcpServers'] } = options;
  const whole = typeof config === 'string' ? parseConfigText(config, file) : config;
  const place: Place = { file, variables: { env, readFile, home }, path };
  const servers = path.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), whole);
  if (!isObject(servers)) throw invalid(place, `must be an object of servers, not ${describe(servers)}`);
  const configs = Object.create(null) as Record<string, ServerConfig>; // Any name is a name, `__proto__` too.
  for (const [name, entry] of Object.entries(servers)) {
    if (isObject(entry) && entry['disabled'] === true) continue;
    configs[name] = readServer(entry, at(place, name));
  }
  return configs;
}

/** The part of the configuration that is being read. */
interface Place {
  readonly file: string;
  readonly variables: Variables;
  readonly path: readonly PathStep[];
}

function at(place: Place, step: PathStep): Place {
  return { ...place, path: [...place.path, step] };
}

function invalid(place: Place, problem: string): ConfigError {
  const path = formatPath(place.path);
  return new ConfigError(`${place.file}: ${path} ${problem}.`, { file: place.file, path });
}

function readServer(entry: unknown, place: Place): ServerConfig {
  if (!isObject(entry)) throw invalid(place, `must be an object, not ${describe(entry)}`);
  const hasCommand = isGiven(entry['command']);
  if (hasCommand === isGiven(entry['url'])) {
    const problem = hasCommand ? 'has both "command" and "url"; keep one' : 'must have a "command" or a "url"';
    throw invalid(place, problem);
  }
  return hasCommand ? readStdioServer(entry, place) : readHttpServer(entry, place);
}

function readStdioServer(entry: JsonObject, place: Place): StdioServerConfig {
  const { command, args, cwd, env, inheritEnv } = entry;
  return {
    command: readPath(command, at(place, 'command')),
    ...(isGiven(args) && { args: readStrings(args, at(place, 'args')) }),
    ...(isGiven(cwd) && { cwd: readPath(cwd, at(place, 'cwd')) }),
    ...(isGiven(env) && { env: readRecord(env, at(place, 'env'), readScalar) }),
    ...(isGiven(inheritEnv) && { inheritEnv: readStrings(inheritEnv, at(place, 'inheritEnv')) }),
  };
}

const httpWires: Readonly<Record<string, HttpServerConfig['transport']>> = {
  auto: 'auto',
  http: 'http',
  'streamable-http': 'http',
  sse: 'sse',
  post: 'post',
  rest: 'rest',
};
const webSocketWires: Readonly<Record<string, undefined>> = { ws: undefined, websocket: undefined };
const wiresOf = new Map<string, typeof httpWires>([
  ['http:', httpWires],
  ['https:', httpWires],
  ['ws:', webSocketWires],
  ['wss:', webSocketWires],
]);

function readHttpServer(entry: JsonObject, place: Place): HttpServerConfig {
  const { headers, tls, allowInsecureHttp } = entry;
  const url = readString(entry['url'], at(place, 'url'));
  // "localhost:8000" is a URL too, of the protocol localhost. What is wrong is not shown: it may hold a token.
  const wires = URL.canParse(url) ? wiresOf.get(new URL(url).protocol) : undefined;
  if (wires === undefined) throw invalid(at(place, 'url'), 'must be a whole URL, like http://localhost:8000/mcp');
  const transport = readTransport(entry, place, wires);
  return {
    url,
    ...(isGiven(headers) && { headers: readRecord(headers, at(place, 'headers'), readString) }),
    ...(transport !== undefined && { transport }),
    ...(isGiven(tls) && { tls: readTls(tls, at(place, 'tls')) }),
    ...(isGiven(allowInsecureHttp) && {
      allowInsecureHttp: readSwitch(allowInsecureHttp, at(place, 'allowInsecureHttp')),
    }),
  };
}

const pemParts = ['ca', 'cert', 'key'] as const;
const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;

function readTls(value: unknown, place: Place): NonNullable<HttpServerConfig['tls']> {
  if (!isObject(value)) throw invalid(place, `must be an object, not ${describe(value)}`);
  const { cert, key, passphrase, minVersion } = value;
  if (isGiven(cert) !== isGiven(key)) throw invalid(place, 'must have "cert" and "key" together');
  const given = pemParts.filter((part) => isGiven(value[part]));
  return {
    ...Object.fromEntries(given.map((part) => [part, readPem(value[part], at(place, part))])),
    ...(isGiven(passphrase) && { passphrase: readString(passphrase, at(place, 'passphrase')) }),
    ...(isGiven(minVersion) && { minVersion: readTlsVersion(minVersion, at(place, 'minVersion')) }),
  };
}

// What is wrong is not shown: it may be a key.
function readPem(value: unknown, place: Place): string {
  const text = readString(value, place);
  if (text.includes('-----BEGIN ')) return text;
  throw invalid(place, 'must be the text of a PEM file, as ${file:ca.pem} gives it');
}

function readTlsVersion(value: unknown, place: Place): (typeof tlsVersions)[number] {
  const text = readString(value, place);
  const version = tlsVersions.find((each) => each === text);
  if (version === undefined) throw invalid(place, `must be one of ${tlsVersions.join(', ')}, not ${quote(text, 100)}`);
  return version;
}

function readSwitch(value: unknown, place: Place): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(place, `must be true or false, not ${describe(value)}`);
}

/** Some programs call it "type", some "transport", and each spells it in its own way: streamableHttp, STREAMABLE_HTTP. */
function readTransport(entry: JsonObject, place: Place, wires: typeof httpWires): HttpServerConfig['transport'] {
  const [first, second] = ['transport', 'type'].flatMap((key) => {
    if (!isGiven(entry[key])) return [];
    const name = readString(entry[key], at(place, key));
    const known = name.toLowerCase().replace(/^streamable[-_ ]?http$/, 'streamable-http');
    if (!Object.hasOwn(wires, known))
      throw invalid(at(place, key), `must be one of ${Object.keys(wires).join(', ')}, not ${quote(name, 100)}`);
    return [wires[known]];
  });
  if (second !== undefined && first !== second)
    throw invalid(place, 'has a "type" and a "transport" that differ; keep one');
  return first;
}

// Editors write null for what is left empty.
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function readPath(value: unknown, place: Place): string {
  const text = readString(value, place);
  if (text.trim() === '') throw invalid(place, 'must not be empty');
  return expandHome(text, place.variables, (problem) => invalid(place, problem));
}

function readString(value: unknown, place: Place): string {
  if (typeof value !== 'string') throw invalid(place, `must be a string, not ${describe(value)}`);
  return interpolate(value, place.variables, (problem) => invalid(place, problem));
}

// People write "PORT": 8080.
function readScalar(value: unknown, place: Place): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : readString(value, place);
}

function readStrings(value: unknown, place: Place): string[] {
  if (!Array.isArray(value)) throw invalid(place, `must be an array of strings, not ${describe(value)}`);
  return value.map((item, index) => readString(item, at(place, index)));
}

function readRecord(
  value: unknown,
  place: Place,
  read: (value: unknown, place: Place) => string,
): Record<string, string> {
  if (!isObject(value)) throw invalid(place, `must be an object of strings, not ${describe(value)}`);
  const record = Object.create(null) as Record<string, string>; // As above.
  for (const [name, text] of Object.entries(value)) record[name] = read(text, at(place, name));
  return record;
}

function describe(value: unknown): string {
  const type = typeOf(value);
  if (type === 'undefined') return 'missing';
  if (type === 'null') return type;
  return `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;
}
