export * from './index.ts';
export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { stdioTransport, type StdioTransport, type StdioTransportOptions } from './transports/stdio.ts';
export { fileTokenStore, type FileTokenStore } from './auth/file-token-store.ts';
export { openBrowser } from './auth/open-browser.ts';
