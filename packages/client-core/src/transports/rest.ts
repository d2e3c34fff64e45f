import { McpError } from '../errors.ts';
import { deepestLevel, isTooDeep } from '../protocol/depth.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject, isResponse, paramsOf, type JsonObject } from '../protocol/jsonrpc.ts';
import { rpcFailure } from '../protocol/rpc-failure.ts';
import type { JSONRPCMessage, Transport, TransportSendOptions } from '../transport.ts';
import { HttpEndpoint, sendable, type HttpEndpointOptions, type HttpQuestion } from './http-endpoint.ts';
import { answerHandshake } from './own-handshake.ts';

/**
 * Tools over plain REST: `GET {url}/tools` lists them, `POST {url}/tools/call` with `{ name, arguments }` calls one. Nothing
 * else exists on this wire: any other request rejects with `unsupported-capability`, unsent.
 */
export function restTransport(url: string | URL, options: HttpEndpointOptions = {}): Transport {
  return new RestTransport(new URL(url), options);
}

class RestTransport implements Transport {
  readonly hasPerRequestStream = true;
  onmessage?: Transport['onmessage'];
  onerror?: Transport['onerror'];
  onclose?: Transport['onclose'];

  readonly #tools: HttpEndpoint;
  readonly #call: HttpEndpoint;
  readonly #name: string;

  constructor(url: URL, options: HttpEndpointOptions) {
    this.#tools = new HttpEndpoint(below(url, 'tools'), options);
    this.#call = new HttpEndpoint(below(url, 'tools/call'), options);
    this.#name = url.origin + url.pathname;
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    if (answerHandshake(this, message, this.#name)) return;
    const { id, method } = message as { id: number; method: string }; // What is left is a request.
    const result = await this.#request(method, paramsOf(message), options);
    this.onmessage?.({ jsonrpc: '2.0', id, result });
  }

  async close(): Promise<void> {
    this.#tools.close();
    this.#call.close();
    this.onclose?.();
  }

  async #request(method: string, params: JsonObject, options: TransportSendOptions): Promise<JsonObject> {
    if (method === 'tools/list') return { tools: toolsIn(await ask(this.#tools, { method: 'GET' }, options)) };
    if (method === 'tools/call') {
      const body = JSON.stringify({ name: params['name'], arguments: params['arguments'] ?? {} });
      return toolResult(await ask(this.#call, { method: 'POST', body }, options));
    }
    const text = `${method} was not sent: a REST server is asked only for its tools; is there an MCP endpoint for the rest?`;
    throw new McpError('unsupported-capability', text, { delivered: 'no' });
  }
}

async function ask(
  endpoint: HttpEndpoint,
  question: Pick<HttpQuestion, 'method' | 'body'>,
  { headers, requestSignal: signal }: TransportSendOptions,
): Promise<unknown> {
  const type = question.body !== undefined && { 'content-type': 'application/json' };
  const response = await endpoint.send({
    ...question,
    headers: { accept: 'application/json', ...type, ...sendable(headers) },
    signal,
    isCall: true,
  });
  const text = await endpoint.readText(response);
  const value = parse(text, response.header('content-type') ?? '', endpoint.place);
  if (isTooDeep(value))
    throw new McpError(
      'invalid-response',
      `The answer of ${endpoint.place} is nested deeper than ${deepestLevel} levels`,
    );
  // Some servers wrap what they answer in JSON-RPC all the same.
  if (!isObject(value) || value['jsonrpc'] !== '2.0' || !isResponse(value)) return value;
  if (isObject(value['error'])) throw rpcFailure(`${question.method} ${endpoint.place}`, value['error']);
  return value['result'];
}

/** JSON, or plain text as it is. */
function parse(text: string, type: string, place: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    if (/^text\/plain/i.test(type)) return text;
    const what = `${place} answered with ${excerpt(type, 100)} that is no JSON: ${excerpt(text, 300)}`;
    throw new McpError('invalid-response', what, { retryable: true, cause });
  }
}

function toolsIn(value: unknown): unknown[] {
  const tools = isObject(value) ? value['tools'] : value;
  if (!Array.isArray(tools))
    throw new McpError('invalid-response', `There is no list of tools in ${excerpt(JSON.stringify(value) ?? '', 300)}`);
  return tools.map(withInputSchema);
}

/** Arguments are described under names of other protocols, too. */
function withInputSchema(tool: unknown): unknown {
  if (!isObject(tool) || 'inputSchema' in tool) return tool;
  const { input_schema: snakeCase, parameters = snakeCase, ...rest } = tool;
  return parameters === undefined ? tool : { ...rest, inputSchema: parameters };
}

/** A result of the protocol as it is; any other JSON as text, and as structured content when it is an object. */
function toolResult(value: unknown): JsonObject {
  if (isObject(value) && Array.isArray(value['content'])) return value;
  if (value === undefined) return { content: [] };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { content: [{ type: 'text', text }], ...(isObject(value) && { structuredContent: value }) };
}

function below(url: URL, path: string): URL {
  const target = new URL(url);
  target.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return target;
}
