// Preloaded into the servers (`NODE_OPTIONS=--import=…/redirect.mjs`): what they send to the hosts that REDIRECT names
// (JSON: { "https://api.github.com": "http://127.0.0.1:1234/github" }) goes there instead, and nothing leaves this machine.
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const routes = Object.entries(JSON.parse(process.env.REDIRECT ?? '{}'));

function redirected(address) {
  const url = new URL(address);
  const route = routes.find(([from]) => url.href.startsWith(`${from}/`));
  if (route !== undefined) return new URL(url.href.replace(route[0], route[1]));
  if (['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return url;
  throw new Error(`${url.host} is not redirected, and no other host may be reached here`);
}

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  return fetch(new Request(redirected(request.url), request));
};

const { request } = http;
for (const module of [http, https]) {
  const protocol = module === http ? 'http:' : 'https:';
  module.request = (...given) => {
    const address = typeof given[0] === 'string' || given[0] instanceof URL ? new URL(given.shift()) : undefined;
    const {
      host,
      hostname = host,
      port,
      path = '/',
      agent: _agent,
      ...options
    } = typeof given[0] === 'object' ? given.shift() : {};
    const url = redirected(address ?? `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
    return request(url, { ...options, headers: { ...options.headers, host: url.host } }, ...given);
  };
  module.get = (...given) => module.request(...given).end();
}
syncBuiltinESMExports();
