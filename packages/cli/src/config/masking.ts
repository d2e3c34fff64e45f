import type { ServerConfig } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import { hidden, shownArgument, shownUrl } from '../output/shown-server.ts';

/** What holds values that are secrets as often as not, under the names that programs have for it. */
const secretParts = ['env', 'environment', 'headers', 'http_headers'];

/** What is configured, with the values left out that may be secret: of headers, variables and queries, and arguments. */
export function describeServer(config: ServerConfig | Error): Record<string, unknown> {
  if (config instanceof Error) return { error: config.message };
  if ('url' in config) {
    const { url, headers = {}, transport, tls, allowInsecureHttp } = config;
    return {
      url: shownUrl(url),
      headers: hideAll(headers),
      ...(transport !== undefined && { transport }),
      ...(tls !== undefined && { tls: hideAll({ ...tls }) }),
      ...(allowInsecureHttp !== undefined && { allowInsecureHttp }),
    };
  }
  const { command, args = [], cwd, env = {}, inheritEnv } = config;
  return {
    command,
    args: args.map(shownArgument),
    cwd,
    env: hideAll(env),
    ...(inheritEnv !== undefined && { inheritEnv }),
  };
}

/** How a server is reached, in a few words. */
export function summarizeServer(config: ServerConfig | Error): string {
  if (config instanceof Error) return `cannot be used: ${config.message}`;
  return 'url' in config ? shownUrl(config.url) : config.command;
}

/** Text of a configuration file without what may be secret in the entries of `servers`, or looks so elsewhere. */
export function maskText(text: string, servers: readonly unknown[]): string {
  const masked = [...new Map(servers.flatMap(secretsOf))].reduce((shown, [secret, instead]) => {
    const written = shown.replaceAll(JSON.stringify(secret), JSON.stringify(instead));
    return secret.length < 6 ? written.replaceAll(`'${secret}'`, `'${instead}'`) : written.replaceAll(secret, instead);
  }, text);
  return masked.replaceAll(
    /((["']?)\b(?![\w.-]{0,40}env_var)[\w.-]{0,40}(?:key|token|secret|passw|passphrase|credential)[\w.-]{0,40}\2\s*[:=]\s*)(["'])(?!\$\{)[^"']+\3/gi,
    `$1$3${hidden}$3`,
  );
}

/** What is to be read instead of each text of an entry that may be secret. */
function secretsOf(entry: unknown): (readonly [string, string])[] {
  if (!isObject(entry)) return [];
  const values = secretParts.flatMap((part) => Object.values(isObject(entry[part]) ? entry[part] : {}));
  const words = [entry['args'], entry['command']].flatMap((list) => (Array.isArray(list) ? list : [])).map(String);
  const addresses = [entry['url'], entry['serverUrl'], entry['httpUrl']].filter((url) => typeof url === 'string');
  const secrets = [
    ...values.map((value) => [String(value), isReference(String(value)) ? String(value) : hidden] as const),
    ...words.map((word, index) => [word, shownArgument(word, index, words)] as const),
    ...addresses.map((url) => [url, URL.canParse(url) ? shownUrl(url) : url] as const),
  ];
  const own = secrets.filter(([secret, instead]) => secret !== instead && secret !== '');
  return [...own, ...secretsOf(entry['command'])]; // Which is an object in older settings of Zed.
}

function isReference(text: string): boolean {
  return /^(?:Bearer )?\$?\{[\w:.-]+\}$/.test(text);
}

function hideAll(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, hidden]));
}
