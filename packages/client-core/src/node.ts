export * from './index.ts';
export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { stdioTransport, type StdioTransport, type StdioTransportOptions } from './transports/stdio.ts';
