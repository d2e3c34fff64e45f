import type { JSONRPCMessage, Transport } from '@toolwire/client-core';

/** What is told of every message that passes; neither may change it. */
export interface Tap {
  onSent?: (message: JSONRPCMessage) => void;
  onReceived?: (message: JSONRPCMessage) => void;
}

type MessageHandler = NonNullable<Transport['onmessage']>;

/** The same transport, with someone listening. */
export function tapTransport<Wire extends Transport>(transport: Wire, { onSent, onReceived }: Tap): Wire {
  let handler: MessageHandler | undefined;
  // A proxy, because transports have members beyond the interface (session ids, versions) that clients look for.
  return new Proxy(transport, {
    get(target, name) {
      if (name === 'onmessage') return handler;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'send') return value.bind(target); // Private fields are known to the target alone.
      return (...[message, options]: Parameters<Transport['send']>): Promise<void> => {
        onSent?.(message);
        return target.send(message, options);
      };
    },
    set(target, name, value) {
      if (name !== 'onmessage') return Reflect.set(target, name, value, target);
      handler = value;
      const listener: MessageHandler = (message, extra) => {
        onReceived?.(message);
        handler?.(message, extra);
      };
      target.onmessage = handler && listener;
      return true;
    },
  });
}
