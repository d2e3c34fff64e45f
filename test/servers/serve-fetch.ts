import { createServer, type RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { listen, type StandIn } from './stand-in.ts';

/** A request as a stand-in for a gateway sees it. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body: unknown;
}

/** A stand-in that keeps what it was asked. */
export interface GatewayStandIn extends StandIn {
  readonly received: readonly Received[];
}

/** Serves a function from request to response on a loopback port. */
export async function serveFetch(answer: (request: Request) => Response | Promise<Response>): Promise<GatewayStandIn> {
  const received: Received[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const text = await request.clone().text();
    received.push({
      method: request.method,
      path: pathname + search,
      body: text === '' ? undefined : JSON.parse(text),
    });
    return answer(request);
  };
  // The adapter's types do not know exactOptionalPropertyTypes.
  const server = createServer(toNodeHandler({ fetch }) as RequestListener);
  return { ...(await listen(server, '')), received };
}
