import type { ClientOptions, ReadOptions } from './client-options.ts';
import type { Report } from './protocol/report.ts';
import type { Prompt, Resource, ResourceTemplate, Tool } from './protocol/types.ts';
import type { ConnectionStatus } from './status.ts';
import type { Target } from './target.ts';

/** How one server is treated: the options of its client, and which of its tools may be used. */
export interface HubPolicy extends ClientOptions {
  /** The tools that may be listed and called, by the server's own names; `*` stands for any text. Default: all. */
  allow?: readonly string[];
  /** Tools that may not, whatever `allow` says. */
  deny?: readonly string[];
}

/** A server of a hub: what can be connected to, alone or with a policy of its own. */
export type HubServer = Target | (HubPolicy & { target: Target });

/** A tool under the name by which a hub knows it: `server/tool`. */
export interface HubTool extends Tool {
  /** The name of its server. */
  server: string;
  /** Its name on that server. */
  tool: string;
}

/** What would send one server's credentials to all, or not say which server it is about. */
type OfOneServer =
  | 'apiKey'
  | 'bearer'
  | 'headers'
  | 'onLog'
  | 'onNotification'
  | 'onReport'
  | 'onRetry'
  | 'onStderr'
  | 'onToolsChanged'
  | 'toolLock';

/** What holds for every server, and is replaced by the server's own policy; interceptors, `allow` and `deny` add up. */
export interface HubOptions extends Omit<HubPolicy, OfOneServer> {
  /** How long a list waits for one server, in milliseconds. Default 10,000. */
  listTimeoutMs?: number;
  /** How many servers start at the same time. Default 16; one that takes longer than a second makes way for the next. */
  maxStarting?: number;
  /** Told whenever a server could not be connected to, or did not give a list; `failures` keeps it. */
  onServerError?: (server: string, error: unknown) => void;
  /** The server's tools, whenever they are not what they were. Keeps a connection to each server that was used. */
  onToolsChanged?: (server: string, tools: HubTool[]) => void;
  /** What a server got wrong without failing a call. */
  onReport?: (server: string, report: Report) => void;
}

/** Which servers to list. */
export interface HubListOptions extends ReadOptions {
  /** Names of servers. Default: all. */
  servers?: readonly string[];
}

/** Which tools to list, by their names `server/tool`; `*` stands for any text. */
export interface HubToolOptions extends HubListOptions {
  /** Default: all. */
  include?: readonly string[];
  /** Left out, whatever `include` says. */
  exclude?: readonly string[];
}

/** Which tools to look for. */
export interface HubSearchOptions extends HubToolOptions {
  /** How many to give at most. Default 10. */
  limit?: number;
}

/** A prompt under the name `server/prompt`. */
export interface HubPrompt extends Prompt {
  server: string;
  /** Its name on that server. */
  prompt: string;
}

export interface HubResource extends Resource {
  server: string;
}

export interface HubResourceTemplate extends ResourceTemplate {
  server: string;
}

export interface HubConnectOptions {
  /** What becomes of servers that do not connect: `throw` (default) rejects once all have tried, `skip` only tells of them. */
  onError?: 'skip' | 'throw';
  /** Names of servers. Default: all. */
  servers?: readonly string[];
  /** Milliseconds for each server; one that is late goes on connecting. Default: a second more than its `connectTimeoutMs`. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Which servers are connected, and why the others are not. */
export interface HubConnectResult {
  ready: string[];
  failed: { server: string; error: unknown }[];
}

/** The life of one of the connections. */
export type HubStatus = { server: string } & ConnectionStatus;

/** Why something of a server is missing. */
export interface HubFailure {
  server: string;
  /** What it was asked: `initialize`, or the list that it did not give. */
  method: string;
  error: unknown;
}
