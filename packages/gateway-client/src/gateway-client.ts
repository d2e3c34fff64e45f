import type { JsonObject, ToolResult } from '@toolwire/client-core';
import { connectGateway, type GatewayOptions } from './connect-gateway.ts';
import type { Gateway } from './gateway.ts';
import { remembered } from './remembered.ts';
import type { GatewayServer } from './server.ts';

/** How a `GatewayClient` reaches its gateway. */
export interface GatewayClientSettings extends Omit<GatewayOptions, 'auth'> {
  url: string | URL;
  /** Shown as `Authorization: Bearer`. */
  token?: string | undefined;
}

/** The client of the integration guides, in their words: it connects on first use. `connectGateway` gives all the rest. */
export class GatewayClient {
  readonly #open: () => Promise<Gateway>;
  #gateway: Gateway | undefined;

  constructor({ url, token, ...options }: GatewayClientSettings) {
    const auth = token === undefined ? {} : { auth: { type: 'bearer', token } as const };
    this.#open = remembered(async () => (this.#gateway = await connectGateway(url, { ...options, ...auth })));
  }

  /** Every server behind the gateway. */
  async list_servers(): Promise<GatewayServer[]> {
    return (await this.#open()).servers.list();
  }

  /** Calls a tool of one server. */
  async call_tool(
    ...given:
      | [call: { server: string; tool: string; params?: JsonObject }]
      | [server: string, tool: string, params?: JsonObject]
  ): Promise<ToolResult> {
    const [first, tool = '', params] = given;
    const call = typeof first === 'string' ? { server: first, tool, params } : first;
    return (await this.#open()).callTool({ server: call.server, tool: call.tool }, call.params);
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
