import type { CallOptions, JsonObject, Tool, ToolCaller } from '@toolwire/client-core';
import type { ResultOptions } from './results.ts';
import type { StrictMode } from './types.ts';

/** Where tools come from: a client, a hub or a gateway; or several of them, each under its server's name. */
export type ToolSource = ToolCaller | Readonly<Record<string, ToolCaller>>;

/** A call that waits for somebody's yes. */
export interface ApprovalRequest {
  readonly id: string;
  /** The server's name, where several were given. */
  readonly server: string | undefined;
  /** The tool as its server describes it. Its `annotations` are the server's own word: no proof of anything. */
  readonly tool: Tool;
  /** The arguments that will be sent; they fit the tool's schema. */
  readonly args: JsonObject;
  readonly signal: AbortSignal;
}

/** `true` runs the call; `false`, or a reason in words, is told to the model instead of a result. */
export type Approval = boolean | string;

/** What can be set for a bridge, and anew for each run. */
export interface RunSettings {
  /** Asked before each call, one call after the other. Default: every call runs. */
  readonly approve?: (request: ApprovalRequest) => Approval | Promise<Approval>;
  /** Most requests to the model in one run. Default 20. */
  readonly maxSteps?: number;
  /** Most tools that run at the same time. Default 8. */
  readonly maxParallel?: number;
  /** For every call of a tool: its timeouts, headers and the like. */
  readonly call?: Omit<CallOptions, 'signal' | 'onProgress'>;
}

/** How tools are offered: conversion, choice and search. */
export interface CatalogOptions {
  /** Default `auto`: strict where nothing gets lost by it. With `require`, tools that cannot be strict are left out. */
  readonly strict?: StrictMode;
  /** Longest description of a function or parameter, in characters. Default: no limit. Azure and older models take 1,024. */
  readonly maxDescriptionLength?: number;
  /** Which tools the model may have. Default: all. */
  readonly filter?: (tool: Tool, server: string | undefined) => boolean;
}

/**
 * `hosted`: the tool search of the Responses API, over namespaces. `client`: a function that finds tools, for any model.
 * `auto`: none for up to `searchAbove` tools, then `hosted` where the model has it, else `client`.
 */
export type SearchMode = 'auto' | 'hosted' | 'client' | 'off';

/** Options of a bridge. */
export interface BridgeOptions extends RunSettings, CatalogOptions {
  /** Default `auto`. */
  readonly search?: SearchMode;
  /** Most tools that `auto` offers all at once. Default 40. */
  readonly searchAbove?: number;
  readonly results?: ResultOptions;
}

/** Options of one run. */
export interface RunOptions extends RunSettings {
  /** Ends the run: it rejects with `signal.reason`, and requests and calls under way are cancelled. */
  readonly signal?: AbortSignal;
}
