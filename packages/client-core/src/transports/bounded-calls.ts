import { abortable } from '../signals.ts';
import type { HttpExchange, HttpResponse } from './http-exchange.ts';

/**
 * Lets at most `limit` calls to http: URLs be under way, each until its answer is read; more wait their turn. What must
 * always get through, such as an answer of ours, does not wait for one.
 */
export function boundCalls(exchange: HttpExchange, limit: number): HttpExchange {
  const waiting: (() => void)[] = [];
  let underWay = 0;

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    if (underWay < limit) {
      underWay++;
      return;
    }
    const turn = new Promise<void>((resolve) => waiting.push(resolve));
    await abortable(turn, signal).catch((error: unknown) => {
      void turn.then(leave); // It goes to the next one when it comes.
      throw error;
    });
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) underWay--;
    else next();
  }

  return {
    async send(request) {
      // Over https: it is HTTP/2 as a rule, which carries any number of calls on one connection.
      if (!request.isCall || request.url.protocol !== 'http:') return exchange.send(request);
      await enter(request.signal);
      try {
        return untilRead(await exchange.send(request), leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
    close: () => exchange.close(),
  };
}

/** Calls `onEnd` once, when the body has been read or given up. */
function untilRead(response: HttpResponse, onEnd: () => void): HttpResponse {
  let isOver = false;
  const end = (): void => {
    if (!isOver) onEnd();
    isOver = true;
  };
  return {
    ...response,
    read: (onChunk) => response.read(onChunk).finally(end),
    cancel: () => {
      response.cancel();
      end();
    },
  };
}
