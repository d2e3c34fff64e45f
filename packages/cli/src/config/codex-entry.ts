import type { ServerConfig } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import type { Entry } from './entry-parts.ts';

/** An entry of Codex in our form: it names variables where others refer to them. */
export function readCodexEntry(entry: Entry): Entry {
  const { enabled, env_vars: names, http_headers: fixed, env_http_headers: named, ...rest } = entry;
  const { bearer_token_env_var: token, ...own } = rest;
  const fromVariables = Object.entries(isObject(named) ? named : {}).map(([header, name]) => [header, refer(name)]);
  const headers = {
    ...(isObject(fixed) && fixed),
    ...Object.fromEntries(fromVariables),
    ...(token !== undefined && { Authorization: `Bearer ${refer(token)}` }),
  };
  return {
    ...own,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Array.isArray(names) && { inheritEnv: names.map((each: unknown) => (isObject(each) ? each['name'] : each)) }),
    ...(enabled === false && { disabled: true }),
  };
}

function refer(name: unknown): string {
  return `\${${String(name)}}`;
}

/** A server as Codex writes it. It fills nothing in, but takes headers and variables from the environment by name. */
export function writeCodexEntry(config: ServerConfig, referring: ServerConfig): Entry | undefined {
  if ('command' in config) {
    const { command, args = [], env = {}, cwd, inheritEnv = [] } = config;
    const same = Object.keys(env).filter((name) => 'env' in referring && referring.env?.[name] === refer(name));
    const names = [...inheritEnv, ...same];
    const own = Object.fromEntries(Object.entries(env).filter(([name]) => !same.includes(name)));
    return {
      command,
      args,
      ...(cwd !== undefined && { cwd }),
      ...(names.length > 0 && { env_vars: names }),
      ...(Object.keys(own).length > 0 && { env: own }),
    };
  }
  const { url, headers = {}, transport = 'auto' } = config;
  if (!/^https?:/.test(String(url)) || !['auto', 'http'].includes(transport)) return undefined;
  const written: Record<string, Record<string, string>> = {};
  let token: string | undefined;
  for (const [name, value] of Object.entries(headers)) {
    const source = 'headers' in referring ? (referring.headers?.[name] ?? '') : '';
    const bearer = /^authorization$/i.test(name) ? /^Bearer \$\{(\w+)\}$/.exec(source)?.[1] : undefined;
    const variable = /^\$\{(\w+)\}$/.exec(source)?.[1];
    if (bearer !== undefined) token = bearer;
    else if (variable !== undefined) written['env_http_headers'] = { ...written['env_http_headers'], [name]: variable };
    else written['http_headers'] = { ...written['http_headers'], [name]: value };
  }
  return { url: String(url), ...(token !== undefined && { bearer_token_env_var: token }), ...written };
}
