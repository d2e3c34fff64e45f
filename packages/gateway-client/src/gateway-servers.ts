import { ArgumentsInvalidError, HttpError, isMcpError, McpError } from '@toolwire/client-core';
import { secretsOf } from './authentication.ts';
import { capabilitiesOf, type Dialect, type Registered } from './dialect.ts';
import type { GatewayHttp } from './gateway-http.ts';
import type { GatewayServer, ServerChange, ServerSpec } from './server.ts';
import { sleep } from './sleep.ts';
import { unsupported } from './unsupported.ts';

/** How a server is registered. */
export interface RegisterOptions {
  /** What becomes of a server whose name is there already: `error` (default) rejects, `return` keeps it as it is, `update` changes it. */
  ifExists?: 'error' | 'return' | 'update';
  /** How long to wait until the gateway has made it ready, in milliseconds. Default 30,000; 0 does not wait. */
  waitMs?: number;
  signal?: AbortSignal;
}

/** The servers behind a gateway. */
export class GatewayServers {
  readonly #dialect: Dialect;
  readonly #http: GatewayHttp;

  constructor(dialect: Dialect, http: GatewayHttp) {
    this.#dialect = dialect;
    this.#http = http;
  }

  /** All of them, of every page, also those that are disabled. Where several have one name, the later ones go by their ids. */
  async list(options: { signal?: AbortSignal } = {}): Promise<GatewayServer[]> {
    const names = new Set<string>();
    return (await this.#dialect.list(options.signal)).map((server) => {
      const name = names.has(server.name) ? server.id : server.name;
      names.add(name);
      return { ...server, name };
    });
  }

  /** One server by name or id; rejects when there is none. */
  async get(idOrName: string, options: { signal?: AbortSignal } = {}): Promise<GatewayServer> {
    const server = await this.#find(idOrName, options);
    if (server !== undefined) return server;
    const text = `This gateway has no server ${JSON.stringify(idOrName)}`;
    throw new ArgumentsInvalidError(text, { path: 'server', expected: 'the name or id of a server of this gateway' });
  }

  /** Registers a server and waits until it is ready. Secrets in it go to the gateway only. */
  async register(spec: ServerSpec, options: RegisterOptions = {}): Promise<GatewayServer> {
    const { ifExists = 'error', waitMs = 30_000, signal } = options;
    if (this.#dialect.register === undefined) throw unsupported(this.#dialect.name, 'register');
    if (ifExists === 'update' && !capabilitiesOf(this.#dialect).update) throw unsupported(this.#dialect.name, 'update');
    checkSpec(spec);
    this.#keepSecret(spec);
    const existing = ifExists === 'error' ? undefined : await this.#find(spec.name, options);
    if (existing !== undefined) return ifExists === 'return' ? existing : this.update(existing.name, spec);
    const { server, askAgainMs } = await this.#register(spec, signal);
    if (server !== undefined && server.state !== 'pending') return server;
    return waitMs === 0 && server !== undefined ? server : this.#ready(spec.name, askAgainMs ?? 500, waitMs, signal);
  }

  /** Changes what `change` holds; gives the server as it is then. */
  async update(idOrName: string, change: ServerChange): Promise<GatewayServer> {
    if (this.#dialect.update === undefined) throw unsupported(this.#dialect.name, 'update');
    this.#keepSecret(change);
    const server = await this.get(idOrName);
    await this.#dialect.update(server, change);
    return this.get(server.id);
  }

  /** Removes a server; `ignoreMissing` is content when there is none. */
  async remove(idOrName: string, { ignoreMissing = false }: { ignoreMissing?: boolean } = {}): Promise<void> {
    if (this.#dialect.remove === undefined) throw unsupported(this.#dialect.name, 'remove');
    const server = ignoreMissing ? await this.#find(idOrName) : await this.get(idOrName);
    if (server === undefined) return;
    try {
      await this.#dialect.remove(server);
    } catch (error) {
      // An attempt whose answer was lost has removed it.
      if (!(error instanceof HttpError) || error.status !== 404) throw error;
    }
  }

  /** Lets a server be called, or keeps it from being called. */
  async setEnabled(idOrName: string, enabled: boolean): Promise<GatewayServer> {
    if (this.#dialect.setEnabled === undefined) throw unsupported(this.#dialect.name, 'toggle');
    const server = await this.get(idOrName);
    await this.#dialect.setEnabled(server, enabled);
    return this.get(server.id);
  }

  #keepSecret({ authentication }: ServerChange): void {
    const secrets = secretsOf(authentication);
    if (secrets.length > 0) this.#http.checkEncrypted({ authentication: '' });
    this.#http.secrets.add(secrets);
  }

  async #find(idOrName: string, options: { signal?: AbortSignal } = {}): Promise<GatewayServer | undefined> {
    if (this.#dialect.get !== undefined) return this.#dialect.get(idOrName, options.signal);
    const servers = await this.list(options);
    return servers.find(({ id }) => id === idOrName) ?? servers.find(({ name }) => name === idOrName);
  }

  /** A registration whose answer was lost may have been made: it is looked for, and not sent again. */
  async #register(spec: ServerSpec, signal: AbortSignal | undefined): Promise<Registered> {
    try {
      return (await this.#dialect.register?.(spec, signal)) ?? { server: undefined, askAgainMs: undefined };
    } catch (error) {
      const isUnknown = isMcpError(error) && !(error instanceof HttpError) && error.delivered === 'unknown';
      const made = isUnknown ? await this.#find(spec.name).catch(() => undefined) : undefined;
      if (made === undefined) throw error;
      return { server: made, askAgainMs: undefined };
    }
  }

  async #ready(
    name: string,
    askAgainMs: number,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<GatewayServer> {
    const until = Date.now() + waitMs;
    for (;;) {
      const server = await this.#find(name, signal === undefined ? {} : { signal });
      if (server !== undefined && server.state !== 'pending') return server;
      if (Date.now() + askAgainMs > until) {
        const text = `The gateway has accepted ${JSON.stringify(name)}, but it is not ready after ${waitMs} ms`;
        throw new McpError('timeout', text, { delivered: 'yes' });
      }
      await sleep(askAgainMs, signal);
    }
  }
}

function checkSpec({ name, url }: ServerSpec): void {
  const problem =
    name.trim() === ''
      ? { path: 'name', expected: 'a name' }
      : !URL.canParse(url) && { path: 'url', expected: 'a URL' };
  if (problem !== false)
    throw new ArgumentsInvalidError(`Nothing was registered: ${problem.path} must be ${problem.expected}`, problem);
}
