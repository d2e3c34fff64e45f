import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { DataPointType, MeterProvider, MetricReader, type DataPoint, type Histogram } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  refusal,
  scriptedServer,
  type Answer,
  type Script,
  type ScriptedServer,
} from '../../test-support/scripted-server.ts';
import { McpClient } from '../client.ts';
import type { McpRequest } from '../interceptor.ts';
import { trace } from './trace.ts';

class OnDemandReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const canary = 'canary-8c1f';
const exporter = new InMemorySpanExporter();
let reader: OnDemandReader;

beforeEach(() => {
  exporter.reset();
  reader = new OnDemandReader();
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
});

afterEach(() => {
  api.context.disable();
  api.trace.disable();
  api.metrics.disable();
});

/** A client whose calls all take 1.5 seconds by its clock. */
function traced(script: Script): { client: McpClient; server: ScriptedServer } {
  const server = scriptedServer(script);
  let time = 0;
  const now = (): number => (time += 1500);
  return { client: new McpClient(server.open, { interceptors: [trace(api, { now })], attempts: 1 }), server };
}

async function durations(): Promise<DataPoint<Histogram>[]> {
  const { resourceMetrics } = await reader.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  expect(metrics.map(({ descriptor: { name, unit } }) => [name, unit])).toEqual([
    ['mcp.client.operation.duration', 's'],
  ]);
  const [metric] = metrics;
  return metric?.dataPointType === DataPointType.HISTOGRAM ? metric.dataPoints : [];
}

const pays: Script = { answers: { 'tools/call': () => ({ content: [{ type: 'text', text: canary }] }) } };

test('a call is a client span and a duration in seconds, named as the conventions name them', async () => {
  const { client } = traced(pays);
  await client.callTool('pay', { password: canary }, { headers: { authorization: canary } });
  const attributes = {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'pay',
    'gen_ai.operation.name': 'execute_tool',
  };
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ name: 'tools/call pay', kind: api.SpanKind.CLIENT, attributes, ended: true });
  expect(span?.status).toEqual({ code: api.SpanStatusCode.UNSET });
  const [point] = await durations();
  expect(point).toMatchObject({ attributes, value: { count: 1, sum: 1.5 } });
  expect(point?.value.buckets.boundaries).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]);
  expect(JSON.stringify([span?.attributes, span?.events, span?.status, point])).not.toContain(canary);
});

test.each<[string, Record<string, Answer>, object]>([
  ["a tool's own failure", { 'tools/call': () => ({ isError: true, content: [] }) }, { 'error.type': 'tool_error' }],
  [
    'an error of the server',
    { 'tools/call': refusal(-32602, canary) },
    { 'error.type': '-32602', 'rpc.response.status_code': '-32602' },
  ],
])('%s marks span and duration, without its message', async (_title, answers, failure) => {
  const { client } = traced({ answers });
  await client.callTool('pay').catch(() => {});
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ attributes: failure, status: { code: api.SpanStatusCode.ERROR } });
  expect((await durations())[0]?.attributes).toMatchObject(failure);
  expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toMatch(/refused|canary/);
});

const slow = { method: 'tools/call', params: { name: 'slow' } };

test.each<[string, McpRequest, string]>([
  ['cancelled by its caller', { ...slow, options: { signal: AbortSignal.abort() } }, 'cancelled'],
  ['failed by something unknown', { ...slow, options: {} }, '_OTHER'],
])('a call %s says so', async (_title, request, type) => {
  const call = trace(api)(() => Promise.reject(new Error(canary)));
  await expect(call(request)).rejects.toThrow(canary);
  expect(exporter.getFinishedSpans()[0]?.attributes['error.type']).toBe(type);
});

test.each<[string, McpRequest, string, object]>([
  ['a list', { method: 'tools/list', params: {}, options: {} }, 'tools/list', {}],
  [
    'a prompt',
    { method: 'prompts/get', params: { name: 'hi' }, options: {} },
    'prompts/get hi',
    { 'gen_ai.prompt.name': 'hi' },
  ],
  [
    'a resource',
    { method: 'resources/read', params: { uri: `db://me:${canary}@host/a?key=${canary}` }, options: {} },
    'resources/read',
    { 'mcp.resource.uri': 'db://[redacted]@host/a?[redacted]' },
  ],
])('%s has a span of few names', async (_title, request, name, attributes) => {
  await trace(api)(async () => ({}))(request);
  const [span] = exporter.getFinishedSpans();
  expect(span?.name).toBe(name);
  expect(span?.attributes).toEqual({ 'mcp.method.name': request.method, ...attributes });
  expect((await durations())[0]?.attributes).not.toHaveProperty(['mcp.resource.uri']);
});

describe.each(['legacy', 'modern'] as const)('a %s server', (era) => {
  test('is told the span as its parent, beside the `_meta` that the caller gave', async () => {
    const { client, server } = traced({ ...pays, era });
    const tracer = api.trace.getTracer('test');
    const traceState = api.createTraceState('vendor=value');
    await tracer.startActiveSpan('outer', async (outer) => {
      const remote = { ...outer.spanContext(), traceState };
      const context = api.trace.setSpanContext(api.context.active(), remote);
      await api.context.with(context, () => client.callTool('pay', {}, { meta: { mine: 1 } }));
      outer.end();
    });
    const [span, outer] = exporter.getFinishedSpans();
    const { traceId, spanId } = span?.spanContext() ?? {};
    expect(span?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    const sent = server.received.find(({ method }) => method === 'tools/call');
    expect(sent?.params).toMatchObject({
      _meta: { mine: 1, traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=value' },
    });
  });
});

test('what happens within a call belongs to its span', async () => {
  const call = trace(api)(async () => api.trace.getTracer('wire').startSpan('POST').end());
  await call({ ...slow, options: {} });
  const [inner, span] = exporter.getFinishedSpans();
  expect(inner?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId);
});

test('without an SDK a call goes out as it is', async () => {
  api.trace.disable();
  api.metrics.disable();
  const request = { ...slow, options: {} };
  expect(await trace(api)(async (sent) => sent)(request)).toBe(request);
});

test('an SDK that is set up after the client is seen too', async () => {
  api.trace.disable();
  api.metrics.disable();
  const call = trace(api)(async () => ({}));
  reader = new OnDemandReader();
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  await call({ ...slow, options: {} });
  expect(exporter.getFinishedSpans()).toHaveLength(1);
  expect(await durations()).toHaveLength(1);
});
