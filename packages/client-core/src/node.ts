export * from './index.ts';
export { loadConfig } from './load-config.ts';
export { stdioTransport, type StdioTransportOptions } from './transports/stdio.ts';
