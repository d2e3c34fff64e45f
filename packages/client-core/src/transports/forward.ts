import type { ReopeningTransport } from '../transport.ts';

/** Hands on to whoever listens to `outer` what `inner` says. */
export function forward(inner: ReopeningTransport, outer: ReopeningTransport): void {
  inner.onmessage = (message, extra) => outer.onmessage?.(message, extra);
  inner.onerror = (error) => outer.onerror?.(error);
  inner.onclose = () => outer.onclose?.();
  inner.onreopened = () => outer.onreopened?.();
  inner.onforgotten = () => outer.onforgotten?.();
}
