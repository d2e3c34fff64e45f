import { createServer, type RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { chatAnswer, chatChunks } from './openai-chat-wire.ts';
import { ChatRules } from './openai-chat-rules.ts';
import { RequestFault, type JsonBody } from './openai-fault.ts';
import { responseEvents, responseOf } from './openai-responses-wire.ts';
import { ResponsesRules } from './openai-responses-rules.ts';
import { listen, type StandIn } from './stand-in.ts';

/** What the model says in one answer. */
export interface ModelTurn {
  readonly text?: string;
  readonly refusal?: string;
  readonly calls?: readonly ModelTurnCall[];
  /** What cuts the answer off. */
  readonly cut?: 'length' | 'content_filter';
  /** Responses: the namespaces that the hosted search has loaded before the calls. */
  readonly loads?: readonly string[];
  /** Streams the first event, and then nothing until the client leaves. */
  readonly stalls?: boolean;
}

export interface ModelTurnCall {
  readonly name: string;
  /** An object is written as JSON; a text goes out as it is. */
  readonly arguments: unknown;
  readonly namespace?: string;
}

/** A request as it arrived, and was found right. */
export interface ModelRequest {
  readonly api: 'chat' | 'responses';
  readonly body: JsonBody;
  readonly headers: Headers;
}

/** Decides what the model says. */
export type Model = (request: ModelRequest) => ModelTurn;

/** A model that says these things one after the other. */
export function scripted(...turns: readonly ModelTurn[]): Model {
  const left = [...turns];
  return () => {
    const turn = left.shift();
    if (turn === undefined) throw new Error('the script has come to its end');
    return turn;
  };
}

/** A stand-in for OpenAI that takes only what OpenAI takes. */
export interface OpenAIStandIn {
  /** The requests that were found right, in order. */
  readonly requests: readonly ModelRequest[];
  /** The requests that were refused, each with its message. */
  readonly refusals: readonly string[];
  fetch(request: Request): Promise<Response>;
}

/**
 * Speaks Chat Completions and Responses, streaming included; answers 400, as OpenAI does, to what breaks a rule. Functions
 * named in `rejects` break one that nobody knew of.
 */
export function openAIStandIn(model: Model, rejects: readonly string[] = []): OpenAIStandIn {
  const requests: ModelRequest[] = [];
  const refusals: string[] = [];
  const rules = { chat: new ChatRules(), responses: new ResponsesRules() };
  let count = 0;

  async function answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.replace(/^.*(?=\/(chat|responses))/, '');
    const api = { '/chat/completions': 'chat', '/responses': 'responses' }[path] as 'chat' | 'responses' | undefined;
    if (api === undefined) throw new RequestFault(`Invalid URL (${request.method} ${path})`, null, 404);
    if (!/^Bearer .+/.test(request.headers.get('authorization') ?? '')) {
      throw new RequestFault('You did not provide an API key.', null, 401);
    }
    const body = (await request.json()) as JsonBody;
    const history = rules[api].check(body) ?? [];
    const disliked = rejects.find((name) => JSON.stringify(body['tools'] ?? []).includes(`"${name}"`));
    if (disliked !== undefined) throw new RequestFault(`Invalid schema for function '${disliked}': it is not liked.`);
    const received = { api, body, headers: request.headers };
    requests.push(received);
    count += 1;
    const turn = model(received);
    if (api === 'chat') return send(turn, body, chatAnswer(turn, body, count), chatChunks);
    const response = responseOf(turn, body, count);
    rules.responses.remember(response, body, history);
    return send(turn, body, response, responseEvents);
  }

  async function fetch(request: Request): Promise<Response> {
    try {
      return await answer(request);
    } catch (error) {
      if (!(error instanceof RequestFault)) throw error;
      refusals.push(error.message);
      return Response.json({ error: error.toJSON() }, { status: error.status });
    }
  }

  return { requests, refusals, fetch };
}

/** The stand-in on a loopback port; `url` is what OPENAI_BASE_URL would be. */
export async function startOpenAI(
  model: Model,
  rejects: readonly string[] = [],
): Promise<StandIn & Pick<OpenAIStandIn, 'requests' | 'refusals'>> {
  const { fetch, requests, refusals } = openAIStandIn(model, rejects);
  // The adapter's types do not know exactOptionalPropertyTypes.
  const server = await listen(createServer(toNodeHandler({ fetch }) as RequestListener), '/v1');
  return { ...server, requests, refusals };
}

function send<Answer>(
  turn: ModelTurn,
  body: JsonBody,
  answer: Answer,
  eventsOf: (answer: Answer, body: JsonBody) => string[],
): Response {
  if (body['stream'] !== true) return Response.json(answer);
  const events = eventsOf(answer, body);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const event of turn.stalls === true ? events.slice(0, 1) : events) controller.enqueue(encoder.encode(event));
      if (turn.stalls !== true) controller.close();
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
}
