import type { ServerConfig } from '@toolwire/client-core';

/** A server in one line: its command, or its address, without what may be secret. */
export function shownServer(config: ServerConfig): string {
  if ('url' in config) return shownUrl(config.url);
  return [config.command, ...(config.args ?? []).map(shownArgument)].join(' ');
}

/** What stands in the place of a secret. */
export const hidden = '•••';

const secretName = /key|token|secret|password|passwd|auth|credential|bearer/i;

/** An address without its credentials and the values of its query, which are secrets as often as not. */
export function shownUrl(address: string | URL): string {
  const url = new URL(address);
  const query = [...new Set(url.searchParams.keys())].map((name) => `${name}=${hidden}`).join('&');
  return `${url.protocol}//${url.username === '' ? '' : `${hidden}@`}${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`;
}

/** One of the arguments of a command, without what may be secret in it. */
export function shownArgument(argument: string, index: number, all: readonly string[]): string {
  const before = all[index - 1] ?? '';
  if (before.startsWith('-') && !before.includes('=') && secretName.test(before) && !argument.startsWith('-'))
    return hidden;
  const [, name, value] = /^([^=]+=)(.+)$/s.exec(argument) ?? [];
  if (isAddress(argument) || name === undefined || value === undefined) return shownValue(argument);
  return name + (secretName.test(name) ? hidden : shownValue(value));
}

function shownValue(text: string): string {
  return isAddress(text) ? shownUrl(text) : text;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^(https?|wss?|postgres\w*|mysql|mongodb\S*|redis\S*):/.test(text);
}
