import type * as OpenTelemetry from '@opentelemetry/api';
import { isMcpError } from '../errors.ts';
import type { Interceptor, McpRequest } from '../interceptor.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { outcomeOfError, outcomeOfResult, targetOf } from './outcome.ts';
import { redactText } from './redact.ts';

/** The part of `@opentelemetry/api` that `trace` uses: `import * as api from '@opentelemetry/api'` has it. */
export type OpenTelemetryApi = Pick<
  typeof OpenTelemetry,
  'context' | 'isSpanContextValid' | 'metrics' | 'SpanKind' | 'SpanStatusCode' | 'trace'
>;

export interface TraceOptions {
  /** The clock of the histogram, in milliseconds. Default `performance.now`. */
  now?: () => number;
}

const scope = '@toolwire/client-core';

/**
 * Records a span and a duration for each call by OpenTelemetry's conventions for MCP, and tells the server the span in
 * `_meta.traceparent`. Arguments, results and messages of errors are left out.
 */
export function trace(api: OpenTelemetryApi, options: TraceOptions = {}): Interceptor {
  const { now = () => performance.now() } = options;
  const tracer = api.trace.getTracer(scope);
  let durations: OpenTelemetry.Histogram | undefined;
  return (next) => async (request) => {
    durations ??= createDurations(api); // Not sooner: a meter made before the program has set up its SDK stays mute.
    const attributes = attributesOf(request);
    const outer = api.context.active();
    const span = tracer.startSpan(
      nameOf(request),
      { kind: api.SpanKind.CLIENT, attributes: { ...attributes, ...resourceOf(request) } },
      outer,
    );
    const inner = api.trace.setSpan(outer, span);
    const startedAt = now();
    const ended = (failure: OpenTelemetry.Attributes): void => {
      if (failure['error.type'] !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.setAttributes(failure).end();
      durations?.record((now() - startedAt) / 1000, { ...attributes, ...failure }, inner);
    };
    try {
      const result = await api.context.with(inner, () => next(withTraceContext(api, request, span.spanContext())));
      ended(outcomeOfResult(result) === 'ok' ? {} : { 'error.type': 'tool_error' });
      return result;
    } catch (error) {
      ended(failureOf(error, request));
      throw error;
    }
  };
}

function createDurations(api: OpenTelemetryApi): OpenTelemetry.Histogram {
  return api.metrics.getMeter(scope).createHistogram('mcp.client.operation.duration', {
    unit: 's',
    description: 'The time from sending an MCP request until its answer is here.',
    advice: { explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] },
  });
}

function nameOf(request: McpRequest): string {
  const target = targetOf(request);
  return target === undefined ? request.method : `${request.method} ${target}`;
}

function attributesOf(request: McpRequest): OpenTelemetry.Attributes {
  const attributes = { 'mcp.method.name': request.method };
  const target = targetOf(request);
  if (target === undefined) return attributes;
  if (request.method === 'prompts/get') return { ...attributes, 'gen_ai.prompt.name': target };
  return { ...attributes, 'gen_ai.tool.name': target, 'gen_ai.operation.name': 'execute_tool' };
}

/** Only for spans: there are too many resources to keep a histogram of each. */
function resourceOf({ params }: McpRequest): OpenTelemetry.Attributes {
  return typeof params['uri'] === 'string' ? { 'mcp.resource.uri': redactText(excerpt(params['uri']), 2048) } : {};
}

function failureOf(error: unknown, request: McpRequest): OpenTelemetry.Attributes {
  if (isMcpError(error) && 'rpcCode' in error) {
    return { 'error.type': String(error.rpcCode), 'rpc.response.status_code': String(error.rpcCode) };
  }
  const outcome = outcomeOfError(error, request);
  if (outcome === 'tool-error') return { 'error.type': 'tool_error' };
  return { 'error.type': outcome === 'error' ? '_OTHER' : outcome };
}

/** The span as the W3C writes it, so that the server's spans become its children. */
function withTraceContext(
  { isSpanContextValid }: OpenTelemetryApi,
  request: McpRequest,
  span: OpenTelemetry.SpanContext,
): McpRequest {
  if (!isSpanContextValid(span)) return request;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  const tracestate = span.traceState?.serialize();
  const meta = {
    ...request.options.meta,
    traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
    ...(tracestate !== undefined && tracestate !== '' && { tracestate }),
  };
  return { ...request, options: { ...request.options, meta } };
}
