import { ProtocolError } from '../src/errors.ts';
import { Peer } from '../src/peer.ts';
import type { JsonObject } from '../src/protocol/jsonrpc.ts';
import type { JSONRPCMessage, Transport, TransportSendOptions } from '../src/transport.ts';
import { memoryTransportPair } from '../src/transports/memory.ts';

/** Gives the result of a request, or throws; a promise that never settles is a server that stays silent. */
export type Answer = (params: JsonObject, call: { connection: ServerConnection; signal: AbortSignal }) => unknown;

/** The server's end of one connection. */
export interface ServerConnection {
  /** Counted from 1. */
  number: number;
  peer: Peer;
}

export interface Script {
  /** By method; `defaults` of the era answer what is left out. */
  answers?: Record<string, Answer>;
  era?: 'legacy' | 'modern';
  /** The client's end sends each request on a stream of its own, as HTTP does. */
  hasStreams?: boolean;
  /** What sending this message fails with, as HTTP fails. */
  refuse?: (message: { method?: string }, connection: number) => Error | undefined;
}

export interface ScriptedServer {
  /** Connects once more. */
  open: () => Transport;
  readonly connections: ServerConnection[];
  /** Every request and notification so far, in order. */
  readonly received: { method: string; params: JsonObject; connection: number; options: TransportSendOptions }[];
  methods(): string[];
}

export const silence: Answer = () => new Promise(() => {});

export function refusal(code: number, data?: unknown): Answer {
  return () => {
    throw new ProtocolError('refused', { rpcCode: code, data });
  };
}

const capabilities = { tools: {}, resources: { subscribe: true }, prompts: {}, logging: {} };
const serverInfo = { name: 'scripted', version: '1' };

const defaults: Record<'legacy' | 'modern', Record<string, Answer>> = {
  legacy: {
    initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities, serverInfo }),
    ping: () => ({}),
  },
  modern: {
    'server/discover': () => ({ supportedVersions: ['2026-07-28'], capabilities, serverInfo }),
  },
};

/** A server in memory that answers what a test tells it to; it speaks the legacy era unless told otherwise. */
export function scriptedServer({
  answers = {},
  era = 'legacy',
  hasStreams = false,
  refuse,
}: Script = {}): ScriptedServer {
  const server: ScriptedServer = {
    connections: [],
    received: [],
    methods: () => server.received.map(({ method }) => method),
    open: () => {
      const [near, far] = memoryTransportPair();
      const number = server.connections.length + 1;
      const peer = new Peer(far, {
        onRequest: async (method, params, signal) => {
          const answer = answers[method] ?? defaults[era][method] ?? refusal(-32601);
          return answer(params, { connection: { number, peer }, signal });
        },
        onNotification: () => {},
        onReport: () => {},
        onReopened: () => {},
        onForgotten: () => {},
        onClose: () => {},
      });
      server.connections.push({ number, peer });
      void peer.open();
      return Object.assign(near, { hasPerRequestStream: hasStreams, send: recorded(near.send.bind(near), number) });
    },
  };

  function recorded(send: Transport['send'], connection: number): Transport['send'] {
    return async (message: JSONRPCMessage, options: TransportSendOptions = {}) => {
      const { method, params = {} } = message as { method?: string; params?: JsonObject };
      if (method !== undefined) server.received.push({ method, params: structuredClone(params), connection, options });
      const error = refuse?.({ ...(method !== undefined && { method }) }, connection);
      if (error !== undefined) throw error;
      await send(message, options);
    };
  }

  return server;
}
