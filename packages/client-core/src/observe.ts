// Interceptors that watch calls: an entry of their own, so that who does not use them does not load them.
export { audit, type AuditOptions } from './interceptors/audit.ts';
export { log, type LogOptions } from './interceptors/log.ts';
export { trace, type OpenTelemetryApi, type TraceOptions } from './interceptors/trace.ts';
